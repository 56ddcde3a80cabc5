/** Guides for cameras and recorders. */

import { plainTarget, withBasic } from "./examples.ts";
import type { Guide } from "./guide.ts";

const needsCapture =
  "written from the vendor's manual; a capture is needed before it can be promised";

export const cameraGuides: readonly Guide[] = [
  {
    id: "hikvision",
    name: "Hikvision",
    kind: "camera",
    words: ["hiwatch", "annke", "ds-2cd"],
    firmware: needsCapture,
    verified: null,
    menu: "Configuration › Network › Basic Settings › DDNS",
    fields: [
      { label: "Enable DDNS", value: "on" },
      { label: "DDNS Type", value: "DynDNS" },
      { label: "Server Address", value: "{serverName}" },
      { label: "Domain", value: "{host}" },
      { label: "User Name", value: "{username}" },
      { label: "Port", value: "{port}", note: "Not on every model; without it port 80 is used." },
      { label: "Password", value: "{password}", isSecret: true },
      { label: "Confirm", value: "{password}", isSecret: true },
    ],
    quirks: ["HiDDNS and Hik-Connect are the vendor's own services and cannot be pointed here."],
    adapter: "dyndns",
    examples: [withBasic("an update", plainTarget, { version: "1.0" })],
  },
  {
    id: "dahua",
    name: "Dahua",
    kind: "camera",
    words: ["amcrest", "lorex", "imou", "quickddns"],
    firmware: needsCapture,
    verified: null,
    menu: "Setup › Network › DDNS",
    fields: [
      { label: "Server Type", value: "Dyndns DDNS" },
      { label: "Server Address", value: "{serverName}" },
      { label: "Domain Name", value: "{host}" },
      { label: "Username", value: "{username}" },
      { label: "Password", value: "{password}", isSecret: true },
      { label: "Interval", value: "10", note: "Minutes." },
    ],
    quirks: [
      "Some models do not let the server address be changed: see “My device has no custom-server field”.",
    ],
    adapter: "dyndns",
    examples: [withBasic("an update", plainTarget, { version: "1.0" })],
  },
  {
    id: "mintdns-dvr",
    name: "DVR with MintDNS",
    kind: "camera",
    words: ["tvt", "mintdns", "dvrdydns", "myq-see", "q-see", "easterndns", "newddns", "dvrlists"],
    firmware: "recorders of TVT and its brands; written from the sources of the firmware",
    verified: null,
    menu: "Network › DDNS",
    fields: [
      {
        label: "DDNS type",
        value: "MintDNS",
        note: "Or DvrDyDNS, MyQ-See, EasternDNS, NewDDNS: they speak the same.",
      },
      { label: "Server address", value: "{serverName}" },
      { label: "User name", value: "{username}", octetsMax: 31 },
      { label: "Password", value: "{password}", isSecret: true, octetsMax: 31 },
      { label: "Host domain", value: "{host}", octetsMax: 127 },
    ],
    quirks: [
      "It reports to port 80, without TLS, by IPv4, and sends no address: the one it comes from is taken.",
      "While it is refused it tries again every second. The answers are slowed down here, so that it does no harm.",
      "It reports every ten minutes whether its address moved or not.",
    ],
    adapter: "mint-asp",
    examples: [
      {
        title: "what it sends",
        lines: [
          "GET /client/update.asp?host={host} HTTP/1.1",
          "User-Agent: DDNS-Enterprise-Client-v2.0",
          "Authorization: Basic {basic}",
          "Host: {server}",
        ],
      },
    ],
  },
  {
    id: "acti",
    name: "ACTi",
    kind: "camera",
    words: ["ez-ipupdate", "acm", "kcm"],
    firmware:
      "firmware with the service list of ez-ipupdate; written from the vendor's manual; not tried",
    verified: null,
    menu: "Setup › IP Settings › DDNS",
    fields: [
      { label: "Service Type", value: "dyndns" },
      { label: "DDNS Server", value: "{serverName}", octetsMax: 31 },
      { label: "Port", value: "{port}" },
      { label: "Host Name", value: "{host}", octetsMax: 127 },
      { label: "User Name", value: "{username}", octetsMax: 31 },
      { label: "Password", value: "{password}", isSecret: true, octetsMax: 31 },
    ],
    quirks: [
      "A refusal ends its client until the camera starts again: set the password first, then enable it.",
    ],
    adapter: "dyndns",
    examples: [
      withBasic("an update", `${plainTarget}&wildcard=OFF&`, {
        version: "1.0",
        agent: "ez-ipupdate-3.0.11b7 Linux [daemon] (by Angus Mackay)",
      }),
    ],
  },
];
