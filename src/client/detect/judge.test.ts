import { expect, test } from "bun:test";
import { parseAddress } from "../../base/address.ts";
import { findAddresses, judge } from "./judge.ts";
import type { Family } from "./source.ts";

const publicOnly = { mayBePrivate: false };
const privateToo = { mayBePrivate: true };

/** What a text says, which of it is taken in a public profile and which in a private one. */
const judged: readonly (readonly [Family, string, string | undefined, string | undefined])[] = [
  [4, "8.8.4.4", "8.8.4.4", "8.8.4.4"],
  [6, "2600::1", "2600::1", "2600::1"],
  [4, "8.8.4.4 8.8.4.4", "8.8.4.4", "8.8.4.4"],
  [4, "8.8.4.4 8.8.8.8", undefined, undefined],
  [4, "8.8.4.4 2600::1", undefined, undefined],
  [4, "2600::1", undefined, undefined],
  [6, "8.8.4.4", undefined, undefined],
  [4, "", undefined, undefined],
  [4, "10.0.0.1", undefined, "10.0.0.1"],
  [4, "100.64.0.1", undefined, "100.64.0.1"], // behind a carrier's NAT, RFC 6598 §7
  [4, "127.0.0.1", undefined, "127.0.0.1"],
  [4, "192.0.2.1", undefined, "192.0.2.1"],
  [6, "fd00::1", undefined, "fd00::1"],
  [6, "2002:a00:1::1", undefined, "2002:a00:1::1"], // 6to4 around 10.0.0.1
  [4, "0.0.0.0", undefined, undefined],
  [4, "169.254.1.1", undefined, undefined],
  [4, "224.0.0.1", undefined, undefined],
  [4, "255.255.255.255", undefined, undefined],
  [6, "::", undefined, undefined],
  [6, "fe80::1", undefined, undefined],
  [6, "ff02::1", undefined, undefined],
];

for (const [family, text, inPublic, inPrivate] of judged) {
  test(`"${text}" for IPv${family} is ${inPublic ?? "refused"}, in a private profile ${inPrivate ?? "too"}`, () => {
    const found = text === "" ? [] : text.split(" ").map((one) => parseAddress(one)!);
    for (const [policy, expected] of [
      [publicOnly, inPublic],
      [privateToo, inPrivate],
    ] as const) {
      const said = judge(found, family, policy);
      expect(said.kind === "address" ? said.address.text : undefined).toBe(expected);
    }
  });
}

const texts: readonly (readonly [string, readonly string[]])[] = [
  ["8.8.4.4", ["8.8.4.4"]],
  ["8.8.4.4\r\n", ["8.8.4.4"]],
  ["2600::1\n", ["2600::1"]],
  ["2600:0:0:0::1", ["2600::1"]],
  ["Current IP Address: 8.8.4.4", ["8.8.4.4"]],
  ["Your address is 8.8.4.4.", ["8.8.4.4"]],
  ['{"ip":"8.8.4.4","port":80}', ["8.8.4.4"]],
  ['{"ip":"2600::1"}', ["2600::1"]],
  ["ip=8.8.4.4", ["8.8.4.4"]],
  ["ip:8.8.4.4", ["8.8.4.4"]],
  ["ip:2600::1", ["2600::1"]],
  ["fl=1\nip=8.8.4.4\nts=1700000000.123\nvisit_scheme=https", ["8.8.4.4"]],
  ["8.8.4.4, 8.8.8.8", ["8.8.4.4", "8.8.8.8"]],
  ["2600::", ["2600::"]],
  ["1.2.3.4.5", []],
  ["8.8.4.04", []],
  ["300.1.1.1", []],
  ["version-8.8.4.4", []],
  ["v8.8.4.4", []],
  ["8.8.4", []],
  ["at 12:34:56", []],
  ["fe80::1%eth0", []],
  [`${"1".repeat(200)}`, []],
];

for (const [text, found] of texts) {
  test(`in ${JSON.stringify(text.slice(0, 60))} there are ${found.length} addresses`, () => {
    expect(findAddresses(text).map((address) => address.text)).toEqual([...found]);
  });
}
