/** Guides for programs on a computer. */

import { plainTarget, withBasic } from "./examples.ts";
import type { Guide } from "./guide.ts";

/** The day on which the tests of these clients last drove the real programs. */
const drivenAt = "2026-11-30";

export const programGuides: readonly Guide[] = [
  {
    id: "ddclient",
    name: "ddclient",
    kind: "program",
    words: ["linux", "perl", "raspberry"],
    firmware: "3.9 to 4.0; driven: 3.10.0 of Debian 12",
    verified: drivenAt,
    menu: "/etc/ddclient.conf",
    fields: [],
    text: `# 3.x; in 4.x write usev4=webv4, webv4={server}/ipcheck.aspx in the place of use and web
protocol=dyndns2
ssl=no
server={server}
use=web, web={server}/ipcheck.aspx
login={username}
password='{password}'
{host}
`,
    quirks: [
      "3.x reports IPv4 only by this protocol. 4.x reports both with usev4 and usev6, in one request.",
      "ssl=yes where the server answers devices on port 443.",
    ],
    adapter: "dyndns",
    examples: [
      withBasic("3.10", "/nic/update?system=dyndns&hostname={host}&myip=203.0.113.7", {
        agent: "ddclient/3.10.0",
      }),
      withBasic(
        "4.0 with both families",
        "/nic/update?hostname={host}&myip=203.0.113.7,2001:db8::7",
        {
          agent: "ddclient/4.0.0",
        },
      ),
    ],
  },
  {
    id: "inadyn",
    name: "inadyn",
    kind: "program",
    words: ["linux", "troglobit"],
    firmware: "2.0 to 2.13; driven: 2.10.0 of Debian 12",
    verified: drivenAt,
    menu: "/etc/inadyn.conf",
    fields: [],
    text: `custom nameward {
    username     = {username}
    password     = {password}
    hostname     = {host}
    ssl          = false
    ddns-server  = {server}
    ddns-path    = "/nic/update?hostname=%h&myip=%i"
    checkip-server = {server}
    checkip-path = /ipcheck.aspx
    checkip-ssl  = false
}
`,
    quirks: ["A refusal ends it. Start it with --continue-on-error to have it try again."],
    adapter: "dyndns",
    examples: [
      withBasic("an update", plainTarget, {
        version: "1.0",
        agent: "inadyn/2.10.0 https://github.com/troglobit/inadyn/issues",
      }),
    ],
  },
  {
    id: "home-assistant",
    name: "Home Assistant",
    kind: "program",
    words: ["hass", "rest_command"],
    firmware: "any with rest_command; written from its documentation; not tried",
    verified: null,
    menu: "configuration.yaml, and an automation that calls it",
    fields: [],
    text: `rest_command:
  nameward:
    url: "http://{server}/nic/update?hostname={host}"
    username: "{username}"
    password: "{password}"

automation:
  - alias: "Tell Nameward"
    trigger:
      - platform: time_pattern
        minutes: "/10"
    action:
      - service: rest_command.nameward
`,
    quirks: ["A repeat costs nothing here and is no offence, so every ten minutes is fine."],
    adapter: "dyndns",
    examples: [
      withBasic("an update", "/nic/update?hostname={host}", { agent: "HomeAssistant/2026.11" }),
    ],
  },
  {
    id: "computer",
    name: "Linux, macOS, Windows",
    kind: "program",
    words: ["nameward client", "curl", "cron", "server", "pc", "raspberry", "systemd"],
    firmware: "the update client of this version",
    verified: drivenAt,
    menu: "/etc/nameward/client.yaml, then nameward client install",
    fields: [],
    text: `# /etc/nameward/client.yaml, readable by root alone; then: nameward client install
profiles:
  home:
    service: dyndns2
    server: http://{server}
    user: {username}
    password: "{password}"
    hosts:
      - {host}
    ipv4: http http://{server}/ipcheck.aspx
`,
    quirks: [
      "To try it once: nameward client once --config /etc/nameward/client.yaml",
      'Without the client: curl -u {username} "http://{server}/nic/update?hostname={host}"',
    ],
    adapter: "dyndns",
    examples: [withBasic("an update", plainTarget, { agent: "Nameward/0.1.0" })],
  },
];
