/** Guides for routers at home. */

import { plainTarget, withBasic } from "./examples.ts";
import type { Guide } from "./guide.ts";

const byHand = "written from the vendor's manual and from what its requests look like; not tried";

export const routerGuides: readonly Guide[] = [
  {
    id: "fritzbox",
    name: "FRITZ!Box",
    kind: "router",
    words: ["avm", "fritz", "myfritz", "7590", "7530", "6690"],
    firmware: "FRITZ!OS 7 and later; written from what other servers receive of it",
    verified: null,
    menu: "Internet › Permit Access › DynDNS (Internet › Freigaben › DynDNS)",
    fields: [
      { label: "DynDNS Provider (DynDNS-Anbieter)", value: "User-defined (Benutzerdefiniert)" },
      {
        label: "Update URL (Update-URL)",
        value:
          "http://{server}/nic/update?hostname=<domain>&myip=<ipaddr>&user=<username> http://{server}/nic/update?hostname=<domain>&myip=<ip6addr>&user=<username>",
        note: "Two URLs with one space between: the first for IPv4, the second for IPv6. The words in <> stay as they are. <username> must occur, or the box may not update at all.",
      },
      { label: "Domain name (Domainname)", value: "{host}" },
      { label: "User name (Benutzername)", value: "{username}" },
      { label: "Password (Kennwort)", value: "{password}", isSecret: true },
    ],
    quirks: [
      "For the prefix of other machines of the LAN, add &ip6lanprefix=<ip6lanprefix> to the second URL. The box sends it only where <ip6addr> is there as well.",
      "The box escapes nothing in the URL. What is in the URL must not hold & or blanks.",
      "It looks at DNS about four minutes after an update and sends again when it sees the old address. That is no fault.",
    ],
    adapter: "dyndns",
    examples: [
      withBasic("the first URL", `${plainTarget}&user={username}`, {
        agent: "Fritz!Box DDNS/1.0.1",
      }),
      withBasic(
        "the second URL with a prefix",
        "/nic/update?hostname={host}&myip=2001:db8::7&user={username}&ip6lanprefix=2001:db8:1:2::/64",
        { agent: "Fritz!Box DDNS/1.0.1" },
      ),
      withBasic(
        "old firmware sends both URLs in one line",
        `${plainTarget}&user={username}%20http://{server}/nic/update?hostname={host}&myip=`,
        { agent: "Fritz!Box DDNS/1.0.1" },
      ),
    ],
  },
  {
    id: "unifi",
    name: "UniFi gateway",
    kind: "router",
    words: ["ubiquiti", "udm", "uxg", "dream machine", "cloud gateway"],
    firmware: "UniFi OS with inadyn; written from its sources",
    verified: null,
    menu: "Settings › Internet › WAN › Dynamic DNS",
    fields: [
      { label: "Service", value: "dyndns" },
      { label: "Hostname", value: "{host}" },
      { label: "Username", value: "{username}" },
      { label: "Password", value: "{password}", isSecret: true },
      {
        label: "Server",
        value: "{server}/nic/update?hostname=%h&myip=%i",
        note: "Without http://. The words %h and %i stay as they are.",
      },
    ],
    quirks: [
      "Some versions send the host name twice or not at all, or write two slashes. All of that is understood here.",
      "The gateway shows no result. This page does.",
    ],
    adapter: "dyndns",
    examples: [
      withBasic("as it should be", plainTarget, {
        version: "1.0",
        agent: "inadyn/2.12.0 https://github.com/troglobit/inadyn/issues",
      }),
      withBasic("two slashes", "//nic/update?hostname={host}&myip=203.0.113.7", { version: "1.0" }),
      withBasic("an empty host name", "/nic/update?hostname=&myip=203.0.113.7", { version: "1.0" }),
    ],
  },
  {
    id: "openwrt",
    name: "OpenWrt",
    kind: "router",
    words: ["ddns-scripts", "luci", "gl.inet", "turris", "technicolor"],
    firmware: "ddns-scripts 2.7 and later; written from its sources",
    verified: null,
    menu: "Services › Dynamic DNS, or /etc/config/ddns",
    fields: [
      { label: "Lookup Hostname", value: "{host}" },
      { label: "DDNS Service provider", value: "-- custom --" },
      {
        label: "Custom update-URL",
        value: "http://[USERNAME]:[PASSWORD]@{server}/nic/update?hostname=[DOMAIN]&myip=[IP]",
        note: "The words in [] stay as they are.",
      },
      { label: "Domain", value: "{host}" },
      { label: "Username", value: "{username}" },
      { label: "Password", value: "{password}", isSecret: true },
    ],
    text: `config service 'nameward'
	option enabled '1'
	option lookup_host '{host}'
	option update_url 'http://[USERNAME]:[PASSWORD]@{server}/nic/update?hostname=[DOMAIN]&myip=[IP]'
	option domain '{host}'
	option username '{username}'
	option password '{password}'
	option interface 'wan'
	option ip_source 'network'
	option ip_network 'wan'
`,
    quirks: [
      "Give an update URL or a service name, never both: the service name wins in silence.",
      "LuCI refuses a URL without a question mark.",
      "After an update it asks DNS every ten minutes and sends again when the answer differs.",
    ],
    adapter: "dyndns",
    examples: [withBasic("wget or curl", plainTarget, { agent: "Wget/1.21.3" })],
  },
  {
    id: "ddwrt",
    name: "DD-WRT",
    kind: "router",
    words: ["inadyn", "linksys", "netgear", "buffalo"],
    firmware: `inadyn 1.x of DD-WRT; ${byHand}`,
    verified: null,
    menu: "Setup › DDNS",
    fields: [
      { label: "DDNS Service", value: "Custom" },
      { label: "DYNDNS Server", value: "{server}", octetsMax: 32 },
      { label: "Username", value: "{username}", octetsMax: 32 },
      { label: "Password", value: "{password}", isSecret: true, octetsMax: 32 },
      { label: "Hostname", value: "{host}", octetsMax: 32 },
      { label: "URL", value: "/nic/update?" },
    ],
    quirks: [
      "Every field is cut at 32 characters without a word.",
      "It speaks HTTP/1.0 without TLS.",
    ],
    adapter: "dyndns",
    examples: [withBasic("an update", plainTarget, { version: "1.0" })],
  },
  {
    id: "asus",
    name: "ASUS with Merlin",
    kind: "router",
    words: ["asuswrt", "merlin", "rt-ax", "rt-ac"],
    firmware: "Asuswrt-Merlin with custom DDNS; written from its documentation; not tried",
    verified: null,
    menu: "WAN › DDNS › Server: Custom, and the script /jffs/scripts/ddns-start",
    fields: [
      { label: "Server", value: "Custom" },
      { label: "Host Name", value: "{host}" },
    ],
    text: `#!/bin/sh
curl -s -u '{username}:{password}' "http://{server}/nic/update?hostname={host}&myip=$1" | grep -Eq '^(good|nochg)'
/sbin/ddns_custom_updated $(( $? == 0 ))
`,
    quirks: [
      "The login field of the stock firmware keeps 16 characters. The script has no such limit.",
      "The script must be executable: chmod a+rx /jffs/scripts/ddns-start.",
    ],
    adapter: "dyndns",
    examples: [withBasic("curl of the script", plainTarget, { agent: "curl/8.4.0" })],
  },
  {
    id: "mikrotik",
    name: "MikroTik",
    kind: "router",
    words: ["routeros", "routerboard", "hap", "ccr"],
    firmware: "RouterOS 6 and 7; written from the vendor's manual; not tried",
    verified: null,
    menu: "System › Scripts, started by System › Scheduler",
    fields: [],
    text: `:global namewardSent
:local address [/ip address get [find interface="ether1"] address]
:set address [:pick $address 0 [:find $address "/"]]
:if ($address != $namewardSent) do={
  /tool fetch url="http://{server}/nic/update?hostname={host}&myip=$address" user="{username}" password="{password}" output=none
  :set namewardSent $address
}
`,
    quirks: [
      "Put your own interface in the place of ether1.",
      "/tool dns-update speaks DNS UPDATE with HMAC-MD5 keys only; the script needs no key.",
      "/tool fetch follows no redirects.",
    ],
    adapter: "dyndns",
    examples: [withBasic("/tool fetch", plainTarget, { agent: "Mikrotik/7.x Fetch" })],
  },
  {
    id: "tplink",
    name: "TP-Link and Omada",
    kind: "router",
    words: ["omada", "er605", "er7206", "archer"],
    firmware: `Omada gateways with Custom DDNS; ${byHand}`,
    verified: null,
    menu: "Services › Dynamic DNS › Custom DDNS",
    fields: [
      {
        label: "Update URL",
        value: "http://[USERNAME]:[PASSWORD]@{server}/nic/update?hostname=[DOMAIN]&myip=[IP]",
        note: "The words in [] stay as they are.",
      },
      { label: "Username", value: "{username}" },
      { label: "Password", value: "{password}", isSecret: true },
      { label: "Domain Name", value: "{host}" },
    ],
    quirks: [
      "Archer models often offer only fixed providers: see “My device has no custom-server field”.",
    ],
    adapter: "dyndns",
    examples: [withBasic("an update", plainTarget)],
  },
  {
    id: "draytek",
    name: "DrayTek Vigor",
    kind: "router",
    words: ["vigor", "drayos"],
    firmware: `DrayOS with “User-Defined”; ${byHand}`,
    verified: null,
    menu: "Applications › Dynamic DNS",
    fields: [
      { label: "Service Provider", value: "User-Defined" },
      { label: "Provider Host", value: "{server}" },
      { label: "Service API", value: "/nic/update?hostname={host}&myip=###IP###" },
      { label: "Auth Type", value: "basic" },
      { label: "Connection Type", value: "Http" },
      {
        label: "Server Response",
        value: "good",
        note: "Some versions ask for it; leave it empty elsewhere.",
      },
      { label: "Login Name", value: "{username}" },
      { label: "Password", value: "{password}", isSecret: true },
    ],
    quirks: ["###IP### stays as it is: the router writes its address there."],
    adapter: "dyndns",
    examples: [
      withBasic("an update", plainTarget),
      withBasic("a placeholder that was not replaced", "/nic/update?hostname={host}&myip=%i"),
    ],
  },
  {
    id: "zyxel",
    name: "Zyxel USG and ZyWALL",
    kind: "firewall",
    words: ["usg flex", "atp", "zywall", "vpn100"],
    firmware: `ZLD 4 and 5 with “User custom”; ${byHand}`,
    verified: null,
    menu: "Configuration › Network › DDNS",
    fields: [
      { label: "DDNS Type", value: "User custom" },
      {
        label: "Username",
        value: "{username}",
        octetsMax: 30,
        note: "31 characters; 30 on some models.",
      },
      { label: "Password", value: "{password}", isSecret: true, octetsMax: 63 },
      { label: "Domain Name", value: "{host}" },
      { label: "DDNS Server", value: "{serverName}" },
      { label: "URL", value: "/nic/update?" },
      { label: "Additional DDNS Options", value: "", note: "Stays empty." },
    ],
    quirks: [
      "A host name does not fit as user name. A device login does.",
      "It reports to port 80 of the server and knows no other.",
    ],
    adapter: "dyndns",
    examples: [withBasic("an update", plainTarget, { version: "1.0" })],
  },
  {
    id: "speedport",
    name: "Speedport",
    kind: "router",
    words: ["telekom", "t-com"],
    firmware: `models whose list has “Anderer Anbieter”; ${byHand}`,
    verified: null,
    menu: "Internet › Dynamisches DNS",
    fields: [
      { label: "Anbieter", value: "Anderer Anbieter (dyndns)" },
      { label: "Domainname", value: "{host}" },
      { label: "Benutzername", value: "{username}" },
      { label: "Passwort", value: "{password}", isSecret: true },
      { label: "Updateserver-Adresse", value: "{serverName}" },
      { label: "Port", value: "{port}" },
    ],
    quirks: [
      "The list of providers differs between models. One that offers GnuDIP alone needs a login that accepts it.",
      "A model with fixed providers only: see “My device has no custom-server field”.",
    ],
    adapter: "dyndns",
    examples: [
      withBasic("an update", `/nic/update?system=dyndns&hostname={host}&myip=203.0.113.7`),
    ],
  },
  {
    id: "keenetic",
    name: "Keenetic",
    kind: "router",
    words: ["keeneticos", "zyxel keenetic"],
    firmware: `KeeneticOS 3 and later; ${byHand}`,
    verified: null,
    menu: "Network rules › Domain name › DDNS",
    fields: [
      { label: "DDNS service", value: "Custom" },
      { label: "Domain name", value: "{host}" },
      { label: "User name", value: "{username}" },
      { label: "Password", value: "{password}", isSecret: true },
      { label: "URL", value: "http://{server}/nic/update?hostname={host}" },
    ],
    quirks: ["Without an address in the URL ours is taken: the one the request comes from."],
    adapter: "dyndns",
    examples: [withBasic("an update", "/nic/update?hostname={host}")],
  },
  {
    id: "edgeos",
    name: "EdgeRouter and UniFi USG",
    kind: "router",
    words: ["edgeos", "ubiquiti", "usg", "ddclient"],
    firmware: "EdgeOS 1.10 and 2 with ddclient 3.8; written from its sources",
    verified: null,
    menu: "Services › DNS › Dynamic DNS, or the command line",
    fields: [
      { label: "Interface", value: "eth0", note: "The one towards the internet." },
      { label: "Service", value: "dyndns" },
      { label: "Hostname", value: "{host}" },
      { label: "Login", value: "{username}" },
      { label: "Password", value: "{password}", isSecret: true },
      { label: "Protocol", value: "dyndns2" },
      { label: "Server", value: "{server}", note: "Only the name: it writes the path behind it." },
    ],
    text: `set service dns dynamic interface eth0 service custom-nameward host-name {host}
set service dns dynamic interface eth0 service custom-nameward login {username}
set service dns dynamic interface eth0 service custom-nameward password {password}
set service dns dynamic interface eth0 service custom-nameward protocol dyndns2
set service dns dynamic interface eth0 service custom-nameward server {server}
commit ; save
`,
    quirks: [
      "It writes /nic/update?system=dyndns&… behind whatever stands in Server. A path there is sent twice; it is understood here.",
    ],
    adapter: "dyndns",
    examples: [
      withBasic("an update", "/nic/update?system=dyndns&hostname={host}&myip=203.0.113.7", {
        agent: "ddclient/3.8.3",
      }),
      withBasic(
        "a path in the field Server",
        "/nic/update?hostname={host}&myip=203.0.113.6/nic/update?system=dyndns&hostname={host}&myip=203.0.113.7",
        { agent: "ddclient/3.8.3" },
      ),
    ],
  },
];
