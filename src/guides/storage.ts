/** Guides for network storage. */

import { plainTarget } from "./examples.ts";
import type { Guide } from "./guide.ts";

export const storageGuides: readonly Guide[] = [
  {
    id: "synology",
    name: "Synology DSM",
    kind: "storage",
    words: ["diskstation", "nas", "dsm"],
    firmware: "DSM 6 and 7; written from the vendor's manual; not tried",
    verified: null,
    menu: "Control Panel › External Access › DDNS › Customize Provider, then Add",
    fields: [
      { label: "Service Provider", value: "Nameward" },
      {
        label: "Query URL",
        value:
          "http://{server}/nic/update?hostname=__HOSTNAME__&myip=__MYIP__&system=dyndns&username=__USERNAME__&password=__PASSWORD__",
        note: "The words in __ stay as they are.",
      },
      {
        label: "Hostname",
        value: "{host}",
        note: "In the dialogue Add, with the provider chosen.",
      },
      { label: "Username/Email", value: "{username}" },
      { label: "Password/Key", value: "{password}", isSecret: true },
    ],
    quirks: [
      "It wants a bare word as answer and shows an unknown error for anything else.",
      "The user name and the password are part of the URL there; over plain HTTP they are readable on the way, as Basic is.",
    ],
    adapter: "dynu",
    examples: [
      {
        title: "an update",
        lines: [
          `GET ${plainTarget}&system=dyndns&username={username}&password={password} HTTP/1.1`,
          "Host: {server}",
        ],
      },
    ],
  },
  {
    id: "qnap",
    name: "QNAP",
    kind: "storage",
    words: ["qts", "nas", "mycloudnas"],
    firmware: "QTS 4 and 5 with “Customized”; written from the vendor's manual; not tried",
    verified: null,
    menu: "Network & Virtual Switch › DDNS › Add",
    fields: [
      { label: "Select DDNS server", value: "Customized" },
      {
        label: "URL",
        value:
          "http://{server}/nic/update?hostname=%HOST%&myip=%IP%&username=%USER%&password=%PASS%",
        note: "The words in % stay as they are.",
      },
      { label: "Username", value: "{username}" },
      { label: "Password", value: "{password}", isSecret: true },
      { label: "Hostname", value: "{host}" },
    ],
    quirks: [
      "Nobody has confirmed the spelling of the placeholders; the listening page shows what arrives.",
    ],
    adapter: "dynu",
    examples: [
      {
        title: "an update",
        lines: [
          `GET ${plainTarget}&username={username}&password={password} HTTP/1.1`,
          "Host: {server}",
        ],
      },
    ],
  },
];
