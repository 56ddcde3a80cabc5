/** Configurations of other clients, as ours. */

import { expect, test } from "bun:test";
import { importConfig } from "./import-config.ts";
import { readYamlTree } from "../config/yaml-tree.ts";

const ddclient = `
# Configuration file for ddclient
daemon=300
pid=/var/run/ddclient.pid
postscript=/usr/local/bin/moved
use=web, web=checkip.dyndns.org/, web-skip='IP Address'
protocol=dyndns2
server=members.example.org
ssl=yes
login=alice
password='p@ss "w0rd" # 1'
cam1.example.org,cam2.example.org

protocol=noip, use=if, if=eth0 \\
  login=bob, password=x   a.ddns.net
protocol=duckdns, password=tok-en, usev4=disabled, usev6=ifv6, ifv6=eth1 home
protocol=cloudflare, zone=example.com, login=token, password=y www.example.com
`;

test("what ddclient does is taken over, and what it is not is told", () => {
  const { text, left, profiles } = importConfig(ddclient);
  expect(profiles).toBe(3);
  expect(text.split("\n").filter((line) => !line.startsWith("#"))).toEqual([
    "poll: 300s",
    "profiles:",
    "  service1:",
    "    service: dyndns2",
    "    server: members.example.org",
    "    user: alice",
    '    password: "p@ss \\"w0rd\\" # 1"',
    "    hosts: [cam1.example.org, cam2.example.org]",
    '    ipv4: "http http://checkip.dyndns.org/"',
    "  service2:",
    "    service: dyndns2",
    "    server: members.example.org",
    "    user: bob",
    "    password: x",
    "    hosts: [a.ddns.net]",
    '    ipv4: "interface eth0"',
    "  service3:",
    "    service: duckdns",
    "    token: tok-en",
    "    hosts: [home]",
    '    ipv6: "interface eth1"',
    "",
  ]);
  expect(left).toEqual([
    "line 5: postscript",
    "line 17: zone",
    "line 17: protocol cloudflare, with www.example.com",
  ]);
});

const inadyn = `
# In-a-Dyn
period = 60
user-agent = Mozilla/4.0
provider default@no-ip.com {
    username = alice
    password = "p@ss w0rd"
    hostname = { "a.ddns.net", b.ddns.net }
    wildcard = true
}
custom ddns@local {
    ssl = false
    username = user1
    password = x
    checkip-command = "/sbin/ip-of eth0"
    ddns-server = "127.0.0.1:8245"
    ddns-path = "/nic/update?hostname=%h&myip=%i"
    hostname = cam1.example.test
}
custom other {
    username = u
    ddns-server = api.example.com
    ddns-path = "/set?k=%p&n=%h&a=%i"
    ddns-response = { "done" }
    hostname = x.example.com
}
provider cloudflare.com {
    hostname = y.example.com
}
`;

test("what inadyn does is taken over, and what it is not is told", () => {
  const { text, left, profiles } = importConfig(inadyn);
  expect(profiles).toBe(3);
  expect(text).toContain("poll: 60s\n");
  expect(text).toContain(
    '    server: dynupdate.no-ip.com\n    user: alice\n    password: "p@ss w0rd"\n',
  );
  expect(text).toContain("    hosts: [a.ddns.net, b.ddns.net]\n");
  expect(text).toContain('    server: "http://127.0.0.1:8245"\n    path: "/nic/update"\n');
  expect(text).toContain('    ipv4: "command /sbin/ip-of eth0"\n');
  expect(text).toContain(
    '    url: "https://api.example.com/set?k={password}&n={host}&a={ip4}"\n    success: done\n',
  );
  expect(left).toEqual([
    "line 9: wildcard",
    "line 20: the words of success of other are a guess: see success",
    "line 27: provider cloudflare.com, with y.example.com",
  ]);
});

for (const [what, text] of [
  ["nothing", ""],
  ["octets", "\0\x01{}}}{{=\\\n"],
  ["an open block", "provider x {\n username ="],
  ["an open quotation mark", "password='x\nhost.example"],
  ["a letter", "Dear Sir or Madam,\nI write to you\n"],
] as const) {
  test(`${what} ends in YAML or in nothing`, () => {
    const mistakes: never[] = [];
    expect(readYamlTree("x", `${importConfig(text).text}a: b\n`, mistakes)).toBeDefined();
  });
}
