/** Guides for firewalls. */

import { plainTarget, withBasic } from "./examples.ts";
import type { Guide } from "./guide.ts";

export const firewallGuides: readonly Guide[] = [
  {
    id: "opnsense",
    name: "OPNsense",
    kind: "firewall",
    words: ["os-ddclient"],
    firmware: "os-ddclient 1.x; written from its sources",
    verified: null,
    menu: "Services › Dynamic DNS › Settings",
    fields: [
      { label: "Service", value: "Custom" },
      { label: "Protocol", value: "DynDns2" },
      { label: "Server", value: "{server}" },
      { label: "Username", value: "{username}" },
      { label: "Password", value: "{password}", isSecret: true },
      { label: "Hostname(s)", value: "{host}" },
      {
        label: "Force SSL",
        value: "off",
        note: "On only where the server answers devices on port 443.",
      },
    ],
    quirks: [
      "Its own backend takes every answer for success that is not an error of HTTP, so refusals are sent to it as such errors.",
    ],
    adapter: "dyndns",
    examples: [
      withBasic(
        "its own backend",
        "/nic/update?hostname={host}&myip=203.0.113.7&system=dyndns&wildcard=NOCHG",
        { agent: "OPNsense-dyndns" },
      ),
    ],
  },
  {
    id: "pfsense",
    name: "pfSense",
    kind: "firewall",
    words: ["netgate"],
    firmware: "2.5 and later; written from its sources",
    verified: null,
    menu: "Services › Dynamic DNS › Dynamic DNS Clients › Add",
    fields: [
      { label: "Service Type", value: "Custom" },
      { label: "Interface to monitor", value: "WAN" },
      { label: "Username", value: "{username}" },
      { label: "Password", value: "{password}", isSecret: true },
      {
        label: "Update URL",
        value: "http://{server}/nic/update?hostname={host}&myip=%IP%",
        note: "%IP% stays as it is.",
      },
      {
        label: "Result Match",
        value: "good %IP%|nochg %IP%",
        note: "The whole answer is compared with it.",
      },
    ],
    quirks: ["It sends again every 25 days; that is no fault."],
    adapter: "dyndns",
    examples: [withBasic("an update", plainTarget, { agent: "phpDynDNS/0.7" })],
  },
];
