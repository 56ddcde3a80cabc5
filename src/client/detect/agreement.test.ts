import { expect, test } from "bun:test";
import { parseAddress } from "../../base/address.ts";
import { makeAgreement } from "./agreement.ts";
import { makeFixedSource } from "./fixed.ts";
import type { Detected, Source } from "./source.ts";

const policy = { mayBePrivate: false };
const fixed = (text: string): Source => makeFixedSource(parseAddress(text)!, policy);
const broken: Source = { name: "broken", detect: async () => ({ kind: "failed", why: "broken" }) };

const cases: readonly (readonly [Source, Source, Detected["kind"], string?])[] = [
  [fixed("8.8.4.4"), fixed("8.8.4.4"), "address"],
  [
    fixed("8.8.4.4"),
    fixed("8.8.8.8"),
    "failed",
    "fixed 8.8.4.4 says 8.8.4.4, fixed 8.8.8.8 says 8.8.8.8",
  ],
  [
    fixed("8.8.4.4"),
    fixed("2600::1"),
    "failed",
    "fixed 8.8.4.4 says 8.8.4.4, fixed 2600::1 says that there is none",
  ],
  [fixed("2600::1"), fixed("2600::1"), "none"],
  [fixed("8.8.4.4"), broken, "failed", "broken: broken"],
  [broken, fixed("8.8.4.4"), "failed", "broken: broken"],
  [
    fixed("10.0.0.1"),
    fixed("10.0.0.1"),
    "failed",
    "fixed 10.0.0.1: 10.0.0.1 is not a global address",
  ],
  [fixed("192.0.2.1"), fixed("192.0.2.1"), "address"],
];

for (const [one, other, kind, why] of cases) {
  test(`${one.name} and ${other.name} for IPv4: ${kind}`, async () => {
    const said = await makeAgreement(one, other).detect(4, new AbortController().signal);
    expect(said.kind).toBe(kind);
    if (why !== undefined && said.kind !== "address") expect(said.why).toBe(why);
  });
}
