import { expect, test } from "bun:test";
import { fillTemplate, parseTemplate } from "./url-template.ts";

const both = {
  host: "cam1.dyn.test",
  ip4: "203.0.113.7",
  ip6: "2001:db8::7",
  user: "alice",
  password: "p@ss w0rd&x=1#/ü",
};
const only4 = { ...both, ip6: undefined };
const only6 = { ...both, ip4: undefined };
const origin = "https://a.test";

const filled = [
  ["/u?h={host}&a={ip4}&b={ip6}", both, "/u?h=cam1.dyn.test&a=203.0.113.7&b=2001:db8::7"],
  // A family that is not sent leaves its parameter out, so that it is kept.
  ["/u?h={host}&a={ip4}&b={ip6}", only4, "/u?h=cam1.dyn.test&a=203.0.113.7"],
  ["/u?h={host}&a={ip4}&b={ip6}", only6, "/u?h=cam1.dyn.test&b=2001:db8::7"],
  ["/u?myip={ip4},{ip6}&x=1", both, "/u?myip=203.0.113.7,2001:db8::7&x=1"],
  ["/u?myip={ip4},{ip6}&x=1", only4, "/u?myip=203.0.113.7&x=1"],
  ["/u?myip={ip4},{ip6}&x=1", only6, "/u?myip=2001:db8::7&x=1"],
  ["/u/{host}/{ip4}", only4, "/u/cam1.dyn.test/203.0.113.7"],
  ["/u/{ip4}", only6, undefined],
  ["/u?a={ip4}", only6, undefined],
  ["/u?h={host}", both, undefined], // no place for any address
  ["/u?p={password}&a={ip4}", both, "/u?p=p%40ss%20w0rd%26x%3D1%23%2F%C3%BC&a=203.0.113.7"],
  ["?a={ip4}", both, "/?a=203.0.113.7"],
] as const;

for (const [text, filling, expected] of filled) {
  test(`${text} with ${filling.ip4} and ${filling.ip6} is ${expected}`, () => {
    const url = fillTemplate(parseTemplate(origin + text)!, filling);
    expect(url?.href).toBe(expected === undefined ? undefined : origin + expected);
  });
}

const refused = [
  "",
  "dyn.example.com/{host}",
  "ftp://a.test/{ip4}",
  "https://{host}/x?a={ip4}", // the host that is asked is fixed
  "https://{password}.a.test/?a={ip4}",
  "https://alice:secret@a.test/?a={ip4}",
  "https://a.test/?a={ip}",
  "https://a.test/?a={ip4",
  "https://a.test/?a={ip4}#x",
  "https://a.test/a b?a={ip4}",
];

for (const text of refused) {
  test(`"${text}" is not a template`, () => expect(parseTemplate(text)).toBeUndefined());
}
