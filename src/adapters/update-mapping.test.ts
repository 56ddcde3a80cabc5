import { describe, expect, test } from "bun:test";
import { parseParameters } from "./parameters.ts";
import { rules } from "./rules.ts";
import { addressesPerUpdateMax, mapUpdate } from "./update-mapping.ts";
import type { Mapped } from "./update-mapping.ts";

function map(query: string): Mapped {
  const rule = rules.find(({ id }) => id === "dyndns");
  if (rule?.operation !== "update") throw new Error("the rule is gone");
  return mapUpdate(parseParameters(query, undefined, "")!, rule.mapping);
}

describe("hosts", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["none", "", []],
    ["one", "hostname=a.test", ["a.test"]],
    ["a list in its order", "hostname=b.test,a.test", ["b.test", "a.test"]],
    ["spaces around names", "hostname=+a.test+,+b.test+", ["a.test", "b.test"]],
    ["empty entries", "hostname=,a.test,,", ["a.test"]],
    ["case is kept for the receipt", "hostname=Cam1.Dyn.Test.", ["Cam1.Dyn.Test."]],
    ["a name that is none is passed on", "hostname=a_b", ["a_b"]],
    ["sentinels", "hostname=YES", []],
    ["an empty value", "hostname=", []],
    ["spaces only", "hostname=%20%20", []],
    ["a line end is not nothing", "hostname=%0d%0a", ["\r\n"]],
    ["another word for it", "host=a.test", ["a.test"]],
    ["hostname before host", "host=b.test&hostname=a.test", ["a.test"]],
    ["a sentinel gives way to another word", "hostname=YES&host_id=a.test", ["a.test"]],
    ["the last of two", "hostname=a.test&hostname=b.test", ["b.test"]],
    ["the last that is a name", "hostname=a.test&hostname=%25h", ["a.test"]],
    ["the last when none is", "hostname=x&hostname=y", ["y"]],
    ["a value never filled in", "hostname=a.test&hostname=", ["a.test"]],
    ["more than are allowed", `hostname=${"a.test,".repeat(21)}`, Array(21).fill("a.test")],
  ];
  for (const [title, query, hosts] of cases) {
    test(title, () => {
      expect(map(query)).toMatchObject({ kind: "mapped", hosts });
    });
  }
});

describe("addresses", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["none", "hostname=a.test", []],
    ["one", "myip=192.0.2.7", ["192.0.2.7"]],
    ["a list", "myip=192.0.2.7,2001:db8::7", ["192.0.2.7", "2001:db8::7"]],
    ["IPv6 first", "myip=2001:db8::7,192.0.2.7", ["2001:db8::7", "192.0.2.7"]],
    ["as the client wrote it", "myip=2001:DB8::0007", ["2001:DB8::0007"]],
    ["by family", "myip=192.0.2.7&myipv6=2001:db8::7", ["192.0.2.7", "2001:db8::7"]],
    ["in the order they came", "myipv6=2001:db8::7&myip=192.0.2.7", ["2001:db8::7", "192.0.2.7"]],
    ["ip6", "ipv4=192.0.2.7&ip6=2001:db8::7", ["192.0.2.7", "2001:db8::7"]],
    ["one that is none is passed on", "myip=192.0.2.256", ["192.0.2.256"]],
    ["brackets are not forgiven", "myip=[2001:db8::7]", ["[2001:db8::7]"]],
    ["nor is a zone index", "myip=fe80::1%25eth0", ["fe80::1%eth0"]],
    ["nor an empty placeholder of another kind", "myip=%25IP%25", ["%IP%"]],
    ["a line end is not nothing", "myip=%0a", ["\n"]],
    ["the last of two", "myip=192.0.2.1&myip=192.0.2.2", ["192.0.2.2"]],
    ["the last that is an address", "myip=192.0.2.1&myip=x", ["192.0.2.1"]],
    ["a list that is half wrong", "myip=192.0.2.1,x", ["192.0.2.1", "x"]],
    ...[
      "no",
      "auto",
      "AUTO",
      "",
      "0.0.0.0",
      "%25i",
      "<ipaddr>",
      "__MYIP__",
      "NOCHG",
      "preserve",
    ].map((sentinel) => [`"${sentinel}" is nothing`, `myip=${sentinel}`, []] as const),
    ["a sentinel beside an address", "myip=192.0.2.7,auto&myipv6=preserve", ["192.0.2.7"]],
  ];
  for (const [title, query, addresses] of cases) {
    test(title, () => {
      expect(map(query)).toMatchObject({ kind: "mapped", addresses });
    });
  }

  test("more than a host can have are refused, not cut", () => {
    const list = (count: number): string => Array(count).fill("192.0.2.7").join(",");
    expect(map(`myip=${list(addressesPerUpdateMax)}`).kind).toBe("mapped");
    expect(map(`myip=${list(addressesPerUpdateMax)}&ip=192.0.2.7`).kind).toBe("too-many-addresses");
  });
});

describe("offline", () => {
  for (const yes of ["YES", "yes", "1", "true", "TRUE"]) {
    test(`"${yes}" is yes`, () => expect(map(`offline=${yes}`)).toMatchObject({ offline: true }));
  }
  for (const no of ["NO", "", "0", "NOCHG", "yess"]) {
    test(`"${no}" is no`, () => expect(map(`offline=${no}`)).toMatchObject({ offline: false }));
  }
});
