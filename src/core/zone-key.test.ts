import { expect, test } from "bun:test";

import { isSignature, signOctets } from "../dns/ecdsa.ts";
import { keyTag } from "../dns/key-records.ts";
import { parseName } from "../dns/name.ts";
import { systemChance } from "../base/chance.ts";
import { keyRoles, nextKeyState } from "./key-state.ts";
import type { KeyState } from "./key-state.ts";
import { seal, sealKeyOctets, unseal } from "./seal.ts";
import { makeZoneKey, openZoneKey } from "./zone-key.ts";
import type { ZoneKey } from "./zone-key.ts";
import { signingOf } from "./zone-signing.ts";

const sealKey = systemChance.octets(sealKeyOctets);
const secret = Uint8Array.from(Buffer.from("what nobody may read"));
const apex = parseName("dyn.test.")!;

test("what is sealed is opened under its key and in its place, and by nothing else", () => {
  const sealed = seal(sealKey, secret, "here", systemChance);
  expect(unseal(sealKey, sealed, "here")).toEqual(secret);
  expect(unseal(sealKey, sealed, "there")).toBeUndefined();
  expect(unseal(systemChance.octets(sealKeyOctets), sealed, "here")).toBeUndefined();
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice();
    changed[at]! ^= 1;
    expect(unseal(sealKey, changed, "here")).toBeUndefined();
  }
  for (let length = 0; length < sealed.length; length++) {
    expect(unseal(sealKey, sealed.slice(0, length), "here")).toBeUndefined();
  }
});

test("what is sealed twice looks different, and does not hold the secret", () => {
  const [one, two] = [1, 2].map(() => Buffer.from(seal(sealKey, secret, "here", systemChance)));
  expect(one!.equals(two!)).toBe(false);
  expect(one!.includes(secret)).toBe(false);
});

test("AES-256-GCM is what is on the disk, so that another version can open it", () => {
  // Nonce 000102…0b, key of 32 octets 0, made by OpenSSL's own aes-256-gcm.
  const nonce = Uint8Array.from({ length: 12 }, (_, i) => i);
  const sealed = seal(new Uint8Array(32), secret, "here", { octets: () => nonce });
  expect(sealed.subarray(0, 12)).toEqual(nonce);
  expect(sealed.length).toBe(12 + secret.length + 16);
  expect(sealed.toHex()).toBe(
    "000102030405060708090a0bffa352262093e09bad1c2bc59062a72c2609c9feabd39d40fe3ba6dea61b7db77ceb3f54",
  );
});

test("a new key signs, and its secret is opened for its own zone only", () => {
  const key = makeZoneKey("dyn.test", [], sealKey, systemChance);
  const data = Uint8Array.of(1, 2, 3);
  const opened = openZoneKey("dyn.test", key, sealKey)!;
  expect(isSignature(key.dnskey.subarray(4), data, signOctets(opened, data))).toBe(true);
  expect(openZoneKey("dyn.example", key, sealKey)).toBeUndefined();
  expect(openZoneKey("dyn.test", { ...key, keyTag: key.keyTag ^ 1 }, sealKey)).toBeUndefined();
  expect(openZoneKey("dyn.test", key, systemChance.octets(sealKeyOctets))).toBeUndefined();
  const other = makeZoneKey("dyn.test", [], sealKey, systemChance);
  expect(openZoneKey("dyn.test", { ...key, dnskey: other.dnskey }, sealKey)).toBeUndefined();
});

test("a key whose tag is taken is not used", () => {
  let given = 0;
  const chance = {
    octets: (length: number) => new Uint8Array(length).fill(1 + Math.floor(given++ / 2)),
  };
  const first = makeZoneKey("dyn.test", [], sealKey, chance);
  given = 0;
  const second = makeZoneKey("dyn.test", [first.keyTag], sealKey, chance);
  expect(second.keyTag).not.toBe(first.keyTag);
});

let made = 0;
function keyIn(state: KeyState): ZoneKey {
  made++;
  const dnskey = Uint8Array.from([1, 1, 3, 13, ...new Uint8Array(64).fill(made)]);
  const sealed = new Uint8Array(60);
  const times = { stateSinceMs: 0, waitsUntilMs: 0 };
  return {
    id: made,
    zone: 1,
    algorithm: 13,
    dnskey,
    keyTag: keyTag(dnskey),
    sealed,
    state,
    ...times,
  };
}

test("a zone without keys is not signed", () => {
  expect(signingOf(apex, [])).toBeUndefined();
});

// Who signs everything, and whose DS the parent is asked for, by their place in the list.
const lives: readonly (readonly [readonly KeyState[], number, readonly number[] | "delete"])[] = [
  [["active"], 0, [0]],
  [["active", "published"], 0, [0]],
  [["retiring", "active"], 1, [1]],
  [["retired", "active"], 1, [1]],
  [["withdrawing"], 0, "delete"],
  [["withdrawn"], 0, "delete"],
  [["retiring", "withdrawing"], 1, "delete"],
  [["retired", "withdrawn"], 1, "delete"],
];
for (const [states, active, named] of lives) {
  test(`with keys that are ${states.join(" and ")} key ${active} signs, all sign the keys`, () => {
    const keys = states.map(keyIn);
    const signing = signingOf(apex, keys)!;
    expect(signing.dnskeys).toEqual(keys.map((key) => key.dnskey));
    expect(signing.keySetTags).toEqual(keys.map((key) => key.keyTag));
    expect(signing.activeKeyTag).toBe(keys[active]!.keyTag);
    if (named === "delete") {
      expect(signing.cds.map((cds) => cds.toHex())).toEqual(["0000000000"]);
      expect(signing.cdnskeys.map((cdnskey) => cdnskey.toHex())).toEqual(["0000030000"]);
    } else {
      const tags = named.map((i) => keys[i]!.keyTag);
      expect(signing.cds.map((cds) => cds[0]! * 256 + cds[1]!)).toEqual(tags);
      expect(signing.cdnskeys).toEqual(named.map((i) => keys[i]!.dnskey));
    }
  });
}

test("whatever happens to the keys of a zone, one of them signs until none is left", () => {
  const events = Object.keys(nextKeyState.active) as (keyof typeof nextKeyState.active)[];
  const seen = new Set<string>();
  const visit = (states: readonly KeyState[]): void => {
    const key = states.join(" ");
    if (seen.has(key)) return;
    seen.add(key);
    const signing = states.filter((state) => keyRoles[state].signs === "everything");
    expect([states, signing.length]).toEqual([states, states.length === 0 ? 0 : 1]);
    if (states.length === 0) return;
    if (states.length === 1 && states[0] === "active") visit(["active", "published"]);
    for (const event of events) {
      if (event === "switched" && !states.includes("published")) continue; // nobody takes over
      visit(states.map((state) => nextKeyState[state][event]).filter((to) => to !== "removed"));
    }
  };
  visit(["active"]);
  expect(seen.size).toBeGreaterThan(8);
  expect(seen.has("")).toBe(true);
});
