import { describe, expect, test } from "bun:test";
import { addressFromOctets, parseAddress } from "../base/address.ts";
import { parseAsked } from "./decide-addresses.ts";
import type { Written } from "./decide-addresses.ts";
import { decideBehindPrefix, mergeAsked } from "./decide-wanted.ts";
import { parseIdentifier } from "./interface-identifier.ts";
import { parsePrefix } from "./prefix.ts";

const net = "2001:db8:1:2::/64";

interface Case {
  readonly prefix?: string;
  readonly sent?: readonly string[];
  readonly had?: string;
  readonly identifier?: string;
  readonly peer?: string;
  readonly isPrivate?: true;
}

/** What the reply names; `bad` when it is refused. */
const cases: readonly (readonly [string, Case, readonly string[] | "bad"])[] = [
  ["an identifier", { identifier: "::a" }, ["2001:db8:1:2::a"]],
  [
    "an identifier before the address the host has",
    { identifier: "::a", had: "2001:db8::9" },
    ["2001:db8:1:2::a"],
  ],
  [
    "an identifier before the address that was sent", // FRITZ!Box sends its own as <ip6addr>
    { identifier: "::a", sent: ["192.0.2.1", "2001:db8:1:2::ffff"] },
    ["192.0.2.1", "2001:db8:1:2::a"],
  ],
  [
    "a subnet where it fits",
    { prefix: "2001:db8:1:200::/56", identifier: "::7:0:0:0:a" },
    ["2001:db8:1:207::a"],
  ],
  ["a subnet where it does not fit", { identifier: "::7:0:0:0:a" }, []],
  ["an address that was sent", { sent: ["2001:db8:5::5"], had: "2001:db8::9" }, ["2001:db8:5::5"]],
  ["the low bits the host has", { had: "2001:db8::9:8" }, ["2001:db8:1:2::9:8"]],
  [
    "the low bits the host has before those that were written behind the prefix",
    { prefix: "2001:db8:1:2::7/64", had: "2001:db8::9" },
    ["2001:db8:1:2::9"],
  ],
  ["what was written behind the prefix", { prefix: "2001:db8:1:2::7/64" }, ["2001:db8:1:2::7"]],
  ["a whole address", { prefix: "2001:db8::7/128", had: "2001:db8::9" }, ["2001:db8::7"]],
  ["nothing to put behind it", {}, []],
  ["nothing to put behind it, and IPv4", { sent: ["192.0.2.1"] }, ["192.0.2.1"]],
  ["a prefix that is not global", { prefix: "fd00::/64", identifier: "::a" }, "bad"],
  [
    "the same in a private zone",
    { prefix: "fd00::/64", identifier: "::a", isPrivate: true },
    ["fd00::a"],
  ],
  [
    "a private address carried in 6to4 by the identifier",
    { prefix: "2002::/16", identifier: "0:a00:1::a" },
    "bad",
  ],
  [
    "IPv4 behind a carrier's NAT, from there", // DS-Lite
    { sent: ["100.64.0.9"], identifier: "::a", peer: "100.64.0.9" },
    ["2001:db8:1:2::a"],
  ],
  ["the same with nothing to put behind it", { sent: ["10.0.0.9"], peer: "10.0.0.9" }, "bad"],
  [
    "a private address in place of which the caller's IPv6 address would come",
    { sent: ["10.0.0.9"], identifier: "::a", peer: "2001:db8:1:2::ffff" },
    ["2001:db8:1:2::a"],
  ],
];

describe("behind a prefix", () => {
  for (const [what, given, expected] of cases) {
    test(`${what}: ${String(expected) || "nothing changes"}`, () => {
      const had = given.had === undefined ? undefined : parseAddress(given.had)!.octets;
      const before = parseAddress("192.0.2.200")!.octets;
      const wanted = decideBehindPrefix(
        parsePrefix(given.prefix ?? net)!,
        written(given.sent ?? []),
        parseAddress(given.peer ?? "198.51.100.9")!,
        {
          addresses: { v4: before, v6: had },
          identifier:
            given.identifier === undefined ? undefined : parseIdentifier(given.identifier),
          isInPrivateZone: given.isPrivate === true,
        },
      );
      if (wanted.kind === "bad-address") {
        expect(expected).toBe("bad");
        return;
      }
      expect([...wanted.texts]).toEqual([...expected]);
      const v4 = expected.includes("192.0.2.1") ? "192.0.2.1" : "192.0.2.200";
      const v6 = wanted.v6 === undefined ? undefined : addressFromOctets(wanted.v6).text;
      expect(addressFromOctets(wanted.v4!).text).toBe(v4);
      expect(v6).toBe([...expected].find((text) => text.includes(":")) ?? given.had);
    });
  }
});

test("a host that cannot follow is told how it could", () => {
  const wanted = decideBehindPrefix(parsePrefix(net)!, [], parseAddress("192.0.2.1")!, {
    addresses: { v4: undefined, v6: undefined },
    identifier: undefined,
    isInPrivateZone: false,
  });
  expect(wanted.note).toContain("--interface-id");
});

const merges = [
  [["2001:db8::1"], ["192.0.2.1", "2001:db8::2"], "2001:db8::1 192.0.2.1"],
  [["2001:db8::1", "192.0.2.9"], ["192.0.2.1"], "2001:db8::1 192.0.2.9"],
  [["192.0.2.9"], [], "192.0.2.9"],
  [["x"], ["192.0.2.1"], "bad-address"],
  [["192.0.2.9"], ["x"], "bad-address"],
] as const;
for (const [own, all, expected] of merges) {
  test(`[${own.join(", ")}] of its own and [${all.join(", ")}] for all are ${expected}`, () => {
    const merged = mergeAsked(parseAsked(own), parseAsked(all));
    const got =
      merged.kind === "addresses"
        ? merged.addresses.map(({ text }) => text).join(" ")
        : merged.kind;
    expect(got).toBe(expected);
  });
}

function written(texts: readonly string[]): readonly Written[] {
  const asked = parseAsked(texts);
  if (asked.kind !== "addresses") throw new Error("the case is wrong");
  return asked.addresses;
}
