/** Settings that are right one by one and cannot be together. */

import { isWithin } from "../base/address.ts";
import type { Cidr } from "../base/address.ts";
import type { Given } from "./given.ts";
import { isOverlapping } from "./listen-address.ts";
import type { ListenAddress } from "./listen-address.ts";
import type { Mistake, Place } from "./mistake.ts";
import type { Config, OptionName } from "./options.ts";

export function findClashes(
  config: Config,
  givenBy: ReadonlyMap<OptionName, Given>,
): readonly Mistake[] {
  const placeOf = (name: OptionName, member: number): Place => {
    const given = givenBy.get(name);
    if (given === undefined) return byDefault(name);
    return (given.texts.length > 1 ? given.texts[member]?.place : undefined) ?? given.place;
  };
  return [
    ...clashingListeners(config, placeOf),
    ...overlappingNetworks("trustedProxies", config.trustedProxies, placeOf),
    ...overlappingNetworks("metricsFrom", config.metricsFrom, placeOf),
    ...repeatedNames(config, placeOf),
    ...connectionLimits(config, placeOf),
    ...unpairedKeys(config, placeOf),
    ...mailFromNobody(config, placeOf),
  ];
}

type PlaceOf = (name: OptionName, member: number) => Place;

function byDefault(name: OptionName): Place {
  return { kind: "default", name };
}

function clashingListeners(config: Config, placeOf: PlaceOf): Mistake[] {
  const listeners: { name: OptionName; member: number; address: ListenAddress }[] = [
    { name: "web", member: 0, address: config.web },
    ...config.devices.map((address, member) => ({ name: "devices" as const, member, address })),
    ...(["webTls", "devicesTls", "gnudip", "ods"] as const).flatMap((name) =>
      config[name].map((address, member) => ({ name, member, address })),
    ),
    ...config.dns.map((address, member) => ({ name: "dns" as const, member, address })),
  ];
  const mistakes: Mistake[] = [];
  for (const [i, later] of listeners.entries()) {
    const earlier = listeners.slice(0, i).find((l) => isOverlapping(l.address, later.address));
    if (earlier === undefined) continue;
    const what = `${later.name} wants ${later.address.text}, which ${earlier.name} takes with ${earlier.address.text}`;
    const fix = "wanted: another address or port for one of the two";
    // The person can change what they wrote; what stands by default they have never seen.
    const places = [later, earlier].map((l) => placeOf(l.name, l.member));
    const place = places.find((p) => p.kind !== "default") ?? byDefault(later.name);
    mistakes.push({ place, what, fix });
  }
  for (const name of ["devices", "dns"] as const) {
    if (config[name].length > 0) continue;
    const fix = "wanted: at least one address and port";
    mistakes.push({ place: placeOf(name, 0), what: `${name} is empty`, fix });
  }
  return mistakes;
}

function overlappingNetworks(
  name: "trustedProxies" | "metricsFrom",
  networks: readonly Cidr[],
  placeOf: PlaceOf,
): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const [i, network] of networks.entries()) {
    const outer = networks.find((other, j) => j !== i && contains(other, network, j < i));
    if (outer === undefined) continue;
    const what = `${network.text} is already within ${outer.text}`;
    mistakes.push({ place: placeOf(name, i), what, fix: `take one of the two out of ${name}` });
  }
  return mistakes;
}

/** Of two equal networks the earlier one contains the later one. */
function contains(outer: Cidr, inner: Cidr, isEarlier: boolean): boolean {
  if (!isWithin(inner.network, outer)) return false;
  if (outer.prefixLength === inner.prefixLength) return isEarlier;
  return outer.prefixLength < inner.prefixLength;
}

function repeatedNames(config: Config, placeOf: PlaceOf): Mistake[] {
  const names = config.nameServers;
  return names.flatMap((name, i) => {
    if (names.indexOf(name) === i) return [];
    const what = `${name} stands twice in nameServers`;
    return [{ place: placeOf("nameServers", i), what, fix: "take one out" }];
  });
}

function unpairedKeys(config: Config, placeOf: PlaceOf): Mistake[] {
  const { tlsCertificates, tlsKeys } = config;
  const fix = "wanted: a key for each certificate, in the same order";
  if (tlsCertificates.length !== tlsKeys.length) {
    const what = `there are ${tlsCertificates.length} tlsCertificates and ${tlsKeys.length} tlsKeys`;
    return [{ place: placeOf(tlsKeys.length > 0 ? "tlsKeys" : "tlsCertificates", 0), what, fix }];
  }
  if (tlsKeys.length > 0) return [];
  return (["webTls", "devicesTls"] as const)
    .filter((name) => config[name].length > 0)
    .map((name) => ({ place: placeOf(name, 0), what: `${name} needs a certificate`, fix }));
}

function connectionLimits(config: Config, placeOf: PlaceOf): Mistake[] {
  const all = config.deviceConnectionsMax;
  const one = config.deviceConnectionsPerAddressMax;
  // The default of the one that nobody set gives way: lowering the total must not need two settings.
  const place = placeOf("deviceConnectionsPerAddressMax", 0);
  if (one <= all || place.kind === "default") return [];
  const what = `deviceConnectionsPerAddressMax is ${one}, more than deviceConnectionsMax, which is ${all}`;
  return [{ place, what, fix: "wanted: at most as many from one address as in all" }];
}

function mailFromNobody(config: Config, placeOf: PlaceOf): Mistake[] {
  if (config.smtpUrl === "" || config.mailFrom !== "") return [];
  const what = "mails are to be sent, and nothing says from whom";
  return [{ place: placeOf("smtpUrl", 0), what, fix: "wanted: mailFrom beside smtpUrl" }];
}
