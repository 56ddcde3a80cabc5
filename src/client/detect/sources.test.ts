import { expect, test } from "bun:test";
import { parseSource, sourceRows } from "./sources.ts";

const policy = { mayBePrivate: false };

/** What is written, and how the source is named then. */
const written = [
  ["fixed 192.0.2.7", "fixed 192.0.2.7"],
  ["fixed 2001:DB8::7", "fixed 2001:db8::7"],
  ["  interface   eth0 ", "interface eth0"],
  ['interface "Ethernet0"', "interface Ethernet0"],
  ["nat-pmp", "nat-pmp"],
  ["nat-pmp 192.168.1.1", "nat-pmp 192.168.1.1"],
  ["pcp", "pcp"],
  ["pcp fd00::1", "pcp fd00::1"],
  ["upnp", "upnp"],
  ["upnp http://192.168.1.1:5000/root.xml", "upnp http://192.168.1.1:5000/root.xml"],
  ["dns 192.0.2.53", "dns 192.0.2.53"],
  ["dns 192.0.2.53:5353", "dns 192.0.2.53:5353"],
  ["dns 2001:db8::53", "dns 2001:db8::53"],
  ["dns [2001:db8::53]:5353", "dns [2001:db8::53]:5353"],
  ["dns ns1.dyn.example", "dns ns1.dyn.example"],
  ["dns ns1.dyn.example:5353", "dns ns1.dyn.example:5353"],
  ["dns 192.0.2.53 whoami.example", "dns 192.0.2.53 whoami.example"],
  ["http https://ip.example/", "http https://ip.example/"],
  ["http http://ip.example:8245/checkip?x=1", "http http://ip.example:8245/checkip?x=1"],
  ["command /bin/address --token secret", "command /bin/address"],
  ["command '/opt/my tools/address' -4", "command /opt/my tools/address"],
  ["both nat-pmp and dns 192.0.2.53", "both nat-pmp and dns 192.0.2.53"],
] as const;

for (const [text, name] of written) {
  test(`"${text}" is a source`, () => {
    const parsed = parseSource(text, policy);
    expect(parsed.kind === "source" ? parsed.source.name : parsed).toBe(name);
  });
}

/** What is wrong, and what the mistake says is wanted. */
const wrong = [
  ["", "fixed"],
  ["web http://ip.example/", "fixed, interface"],
  ["toString", "fixed"],
  ["fixed", "fixed ADDRESS"],
  ["fixed 192.0.2.256", "fixed ADDRESS"],
  ["fixed 192.0.2.1 192.0.2.2", "fixed ADDRESS"],
  ["interface", "interface NAME"],
  ["interface ../eth0", "interface NAME"],
  ["nat-pmp router", "nat-pmp [GATEWAY]"],
  ["nat-pmp fe80::1", "nat-pmp [GATEWAY]"],
  ["upnp https://192.168.1.1/", "upnp [URL]"],
  ["dns", "dns SERVER"],
  ["dns 192.0.2.53:0", "dns SERVER"],
  ["dns 192.0.2.53:99999", "dns SERVER"],
  ["dns 192.0.2.256", "dns SERVER"],
  ["dns ns1.example a..b", "dns SERVER"],
  ["http ip.example", "http URL"],
  ["http file:///etc/passwd", "http URL"],
  ["http https://alice:secret@ip.example/", "http URL"],
  ["command", "command PROGRAM"],
  ['command "/bin/address', "…"],
  ["both nat-pmp", "both SOURCE and SOURCE"],
  ["both nat-pmp and web", "both SOURCE and SOURCE"],
] as const;

for (const [text, wants] of wrong) {
  test(`"${text}" is a mistake, which says what is wanted`, () => {
    const parsed = parseSource(text, policy);
    expect(parsed.kind).toBe("mistake");
    if (parsed.kind === "mistake") expect(parsed.wants).toContain(wants);
  });
}

test("every word has cases of both kinds", () => {
  for (const word of Object.keys(sourceRows)) {
    expect(written.some(([text]) => text.trim().startsWith(word))).toBe(true);
    expect(wrong.some(([text]) => text.startsWith(word) || word === "pcp")).toBe(true);
  }
});
