import { describe, expect, test } from "bun:test";
import { parseParameters } from "./parameters.ts";
import { rules } from "./rules.ts";
import type { UpdateMapping } from "./rule.ts";
import { addressesPerUpdateMax, mapUpdate, ownAddressesPerUpdateMax } from "./update-mapping.ts";
import type { Mapped } from "./update-mapping.ts";

function map(query: string): Mapped {
  const rule = rules.find(({ id }) => id === "dyndns");
  if (rule?.operation !== "update") throw new Error("the rule is gone");
  return mapUpdate(parseParameters(query, undefined, "")!, rule.mapping);
}

/** With a mapping of its own. */
function mapBy(query: string, given: Partial<UpdateMapping>): Mapped {
  const mapping: UpdateMapping = {
    hosts: ["host"],
    addresses: ["ip", "myipv6"],
    offline: [],
    credential: [],
    ...given,
  };
  return mapUpdate(parseParameters(query, undefined, "")!, mapping);
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
      "<ip6addr>",
      "%23{ip}",
      "%23{ipv4Addr}",
      "__myip__",
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

describe("hosts whose domain comes apart", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["host=cam1&domain=dyn.test", ["cam1.dyn.test"]],
    ["host=@&domain=dyn.test", ["dyn.test"]],
    ["host=&domain=dyn.test", ["dyn.test"]],
    ["domain=dyn.test", ["dyn.test"]],
    ["host=cam1,@,+cam2&domain=dyn.test", ["cam1.dyn.test", "dyn.test", "cam2.dyn.test"]],
    ["host=Cam1.Dyn.Test&domain=dyn.test", ["Cam1.Dyn.Test"]],
    ["host=cam1.dyn.test.&domain=dyn.test", ["cam1.dyn.test."]],
    ["host=dyn.test&domain=dyn.test", ["dyn.test"]],
    ["host=undyn.test&domain=dyn.test", ["undyn.test.dyn.test"]],
    ["host=1&domain=dyn.test", ["1.dyn.test"]],
    ["host=<host>&domain=dyn.test", ["dyn.test"]],
    ["host=cam1", ["cam1"]],
    ["host=cam1&domain=<domain>", ["cam1"]],
    ["host=cam1&host=%25h&domain=dyn.test", ["cam1.dyn.test"]],
    ["host=cam1&domain=dyn.test&domain=x_!", ["cam1.dyn.test"]],
    ["", []],
  ];
  for (const [query, hosts] of cases) {
    test(query, () => expect(mapBy(query, { domains: ["domain"] })).toMatchObject({ hosts }));
  }
});

describe("addresses of one host each", () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["host=a.test&myipv6:b.test=2001:db8::7", ["a.test", "b.test"], ["b.test 2001:db8::7"]],
    ["host=B.test&myipv6:b.test=2001:db8::7", ["B.test"], ["b.test 2001:db8::7"]],
    ["host=a.test&ip:a.test=x", ["a.test"], ["a.test x"]],
    ["myipv6:B.test=2001:db8::7/128", ["b.test"], ["b.test 2001:db8::7"]],
    ["myipv6:b.test=preserve", ["b.test"], []],
    ["myipv6:=2001:db8::7", [], []],
    ["other:b.test=2001:db8::7", [], []],
    [
      "d[a.test]=192.0.2.1&d[b.test]=192.0.2.2",
      ["a.test", "b.test"],
      ["a.test 192.0.2.1", "b.test 192.0.2.2"],
    ],
    ["d[a.test]=192.0.2.1&d[a.test]=x", ["a.test"], ["a.test 192.0.2.1"]],
    ["d[a.test]=", ["a.test"], []],
    ["d[]=192.0.2.1&d[a=1&d]=1", [], []],
  ];
  for (const [query, hosts, own] of cases) {
    test(query, () => {
      const mapped = mapBy(query, { hostInBrackets: "d" });
      if (mapped.kind !== "mapped") throw new Error(mapped.kind);
      expect(mapped.hosts).toEqual([...hosts]);
      expect(mapped.ownAddresses.map(({ host, address }) => `${host} ${address}`)).toEqual([
        ...own,
      ]);
      expect(mapped.addresses).toEqual([]);
    });
  }

  test("more than hosts can have are refused", () => {
    const list = (count: number): string =>
      Array.from({ length: count }, (_, at) => `myipv6:h${at}.test=2001:db8::7`).join("&");
    expect(mapBy(list(ownAddressesPerUpdateMax), {}).kind).toBe("mapped");
    expect(mapBy(list(ownAddressesPerUpdateMax + 1), {}).kind).toBe("too-many-addresses");
  });
});

describe("prefixes", () => {
  const cases: readonly (readonly [string, string | undefined, readonly string[]])[] = [
    ["p=2001:db8:1:2::/64", "2001:db8:1:2::/64", []],
    ["p=nonsense", "nonsense", []], // refused where it is read
    ["p=<ip6lanprefix>", undefined, []],
    ["p=auto", undefined, []],
    ["p=&ip=192.0.2.7", undefined, ["192.0.2.7"]],
    ["p=x&p=2001:db8::/56&p=y", "2001:db8::/56", []],
    ["myipv6=2001:db8:1:2::/64", "2001:db8:1:2::/64", []],
    ["myipv6=2001:db8:1:2::7/64&ip=192.0.2.7", "2001:db8:1:2::7/64", ["192.0.2.7"]],
    ["myipv6=2001:db8::7,2001:db8:1::/64", "2001:db8:1::/64", ["2001:db8::7"]],
    ["p=2001:db8:1::/64&myipv6=2001:db8:2::/64", "2001:db8:1::/64", []],
    ["myipv6=2001:db8::7/128&ip=192.0.2.7/32", undefined, ["2001:db8::7", "192.0.2.7"]],
    ["ip=192.0.2.7/24", undefined, ["192.0.2.7/24"]],
    ["myipv6=2001:db8::7/x", undefined, ["2001:db8::7/x"]],
    ["myipv6=2001:db8::/64&myipv6=x", "2001:db8::/64", []],
    ["myipv6=::ffff:192.0.2.1/64", undefined, ["::ffff:192.0.2.1/64"]],
  ];
  for (const [query, prefix, addresses] of cases) {
    test(query, () =>
      expect(mapBy(query, { prefixes: ["p"] })).toMatchObject({ prefix, addresses }),
    );
  }
});

describe("challenges", () => {
  const clear = [{ key: "clear", words: ["true"] }];
  const cases: readonly (readonly [string, unknown, boolean])[] = [
    ["txt=abc", { kind: "add", value: "abc" }, false],
    ["txt=abc&clear=true", { kind: "remove", value: "abc" }, false],
    ["txt=&clear=true", { kind: "clear" }, false],
    ["clear=true", undefined, true],
    ["txt=", undefined, false],
    ["txt=a&txt=b&txt=", { kind: "add", value: "b" }, false],
    ["", undefined, false],
  ];
  for (const [query, challenge, offline] of cases) {
    test(`"${query}"`, () => {
      const mapping = { challenge: { values: ["txt"], clear }, offline: clear };
      expect(mapBy(query, mapping)).toMatchObject({ challenge, offline });
    });
  }
});

test("a word may stand for the text, and takes all away", () => {
  const challenge = { values: ["txt"], clear: [{ key: "txt", words: ["", "null"] }] };
  const found = ["txt=abc", "txt=NULL", "txt=", "", "txt=null&txt=abc"].map((query) => {
    const mapped = mapBy(query, { challenge });
    return mapped.kind === "mapped" ? mapped.challenge : mapped;
  });
  expect(found).toEqual([
    { kind: "add", value: "abc" },
    { kind: "clear" },
    { kind: "clear" },
    undefined,
    { kind: "add", value: "abc" },
  ]);
});

test("the caller's address counts too where a word asks for it", () => {
  const detected = [{ key: "ip", words: ["auto"] }];
  expect(mapBy("ip=auto&myipv6=2001:db8::7", { detected })).toMatchObject({
    detected: true,
    addresses: ["2001:db8::7"],
  });
  expect(mapBy("ip=192.0.2.7&auto", { detected })).toMatchObject({ detected: false });
  expect(mapBy("ip=auto", {})).toMatchObject({ detected: false });
});

test("a word in the place of an address takes its family away", () => {
  const withdrawn = [
    { key: "ip", word: "-", family: 4 },
    { key: "myipv6", word: "-", family: 6 },
  ] as const;
  const cases: readonly (readonly [string, readonly (4 | 6)[] | undefined, readonly string[]])[] = [
    ["ip=-", [4], []],
    ["ip=-&myipv6=-", [4, 6], []],
    ["ip=-&myipv6=2001:db8::7", [4], ["2001:db8::7"]],
    ["ip=192.0.2.7", undefined, ["192.0.2.7"]],
    ["ip=--", undefined, ["--"]],
    ["", undefined, []],
  ];
  for (const [query, families, addresses] of cases) {
    expect(mapBy(query, { withdrawn })).toMatchObject({ withdrawn: families, addresses });
  }
  expect(mapBy("ip=-", {})).toMatchObject({ withdrawn: undefined, addresses: ["-"] });
});

test("flags have words of their own where a rule says so", () => {
  const offline = [{ key: "cmd", words: ["offline"] }];
  expect(mapBy("cmd=OFFLINE", { offline })).toMatchObject({ offline: true });
  expect(mapBy("cmd=yes", { offline })).toMatchObject({ offline: false });
});
