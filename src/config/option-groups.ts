/** Under which heading people look for a setting. */

import type { OptionName } from "./options.ts";

type OptionGroup = "web" | "devices" | "dns" | "hosts" | "mail" | "limits" | "service";

/** What its name does not say. */
const groups: Partial<Readonly<Record<OptionName, OptionGroup>>> = {
  web: "web",
  webTls: "web",
  publicUrl: "web",
  allowSharedOrigin: "web",
  trustedProxies: "web",
  metricsFrom: "web",
  tlsCertificates: "web",
  tlsKeys: "web",
  smtpUrl: "mail",
  mailFrom: "mail",
  webhookNetworks: "mail",
  gnudip: "devices",
  ods: "devices",
  meibu: "devices",
  adapterFiles: "devices",
  hostTtlSeconds: "hosts",
  negativeTtlSeconds: "dns",
  nameServers: "dns",
  changeBudgetBurst: "limits",
  changeBudgetRefillSeconds: "limits",
};

export function groupOf(name: OptionName): OptionGroup {
  const group = groups[name];
  if (group !== undefined) return group;
  if (/Max$|MiB$|RateLimit/.test(name)) return "limits";
  if (name.startsWith("dns")) return "dns";
  return name.startsWith("devices") ? "devices" : "service";
}
