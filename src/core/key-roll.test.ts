import { expect, test } from "bun:test";

import { changesBy, forgottenFromMs, knownFromMs, nextStep, stageOf } from "./key-roll.ts";
import type { KeyEvent, KeyState } from "./key-state.ts";
import type { ZoneKey } from "./zone-key.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** An answer of the zone may be kept for a day, and a DS at its parent for two. */
const ttls = { largestSeconds: 86_400, dsSeconds: 172_800 };

function keyOf(id: number, state: KeyState, waitsUntilMs = 0): ZoneKey {
  const octets = new Uint8Array(1);
  const key = { dnskey: octets, keyTag: id, sealed: octets, stateSinceMs: 0 };
  return { ...key, id, zone: 1, algorithm: 13, state, waitsUntilMs };
}

/** The keys after an event, as the store would have them. */
function after(event: KeyEvent, keys: readonly ZoneKey[], nowMs: number): readonly ZoneKey[] {
  const changes = changesBy(event, keys, ttls, nowMs);
  return keys.flatMap((key) => {
    const change = changes.find((each) => each.key === key.id);
    if (change === undefined) return [key];
    expect(change.from).toBe(key.state);
    const { to, waitsUntilMs } = change;
    return to === "removed" ? [] : [{ ...key, state: to, waitsUntilMs, stateSinceMs: nowMs }];
  });
}

function shown(keys: readonly ZoneKey[]): unknown {
  const next = nextStep(keys);
  const states = keys.map(({ id, state }) => `${id} ${state}`).join(", ");
  return [stageOf(keys), states, next?.step, next?.fromMs];
}

test("a roll-over waits for caches, secondaries and the parent: RFC 7583 §3.2.1, §3.3.1", () => {
  let keys: readonly ZoneKey[] = [keyOf(1, "active")];
  expect(shown(keys)).toEqual(["signed", "1 active", undefined, undefined]);
  keys = [...keys, keyOf(2, "published", knownFromMs(0))];
  const known = 2 * hourMs; // TTL of DNSKEY and propagation
  expect(shown(keys)).toEqual(["introducing", "1 active, 2 published", "switch", known]);

  keys = after("switched", keys, known);
  expect(shown(keys)).toEqual(["handing-over", "1 retiring, 2 active", "parent", undefined]);
  keys = after("parent-followed", keys, known + hourMs);
  const forgotten = known + hourMs + 2 * dayMs + hourMs; // the old DS, and the parent's propagation
  expect(shown(keys)).toEqual(["finishing", "1 retired, 2 active", "remove", forgotten]);
  keys = after("expired", keys, forgotten);
  expect(shown(keys)).toEqual(["signed", "2 active", undefined, undefined]);
});

test("signatures of the key before are waited for when they outlive its DS", () => {
  const short = { ...ttls, dsSeconds: 60 };
  const keys = [keyOf(1, "retiring", forgottenFromMs(0, ttls.largestSeconds)), keyOf(2, "active")];
  const [change] = changesBy("parent-followed", keys, short, hourMs);
  expect(change).toEqual({
    key: 1,
    from: "retiring",
    to: "retired",
    waitsUntilMs: dayMs + hourMs,
  });
});

test("who signs goes before who is to sign, so that two never do", () => {
  for (const order of [1, -1]) {
    const keys = [keyOf(1, "published"), keyOf(2, "active")].toSorted(
      (a, b) => order * (a.id - b.id),
    );
    const changes = changesBy("switched", keys, ttls, 0);
    expect(changes.map(({ to }) => to)).toEqual(["retiring", "active"]);
  }
});

test("going unsigned waits for the parent and its caches, and takes a roll-over along", () => {
  let keys = after("leaving", [keyOf(1, "retiring", 5 * dayMs), keyOf(2, "active")], 0);
  expect(shown(keys)).toEqual(["leaving", "1 retiring, 2 withdrawing", "parent", undefined]);
  keys = after("parent-followed", keys, hourMs);
  expect(shown(keys)).toEqual(["left", "1 retired, 2 withdrawn", "unsign", 5 * dayMs]);
  expect(shown(after("expired", keys, 5 * dayMs))).toEqual(["unsigned", "", undefined, undefined]);
});

test("a zone that was to go unsigned can stay, and goes on where it was", () => {
  const keys = [keyOf(1, "active"), keyOf(2, "published", 7)];
  const leaving = after("leaving", keys, 1);
  expect(shown(leaving)).toEqual(["leaving", "1 withdrawing", "parent", undefined]);
  expect(shown(after("staying", leaving, 2))).toEqual(["signed", "1 active", undefined, undefined]);
  const left = after("parent-followed", leaving, 2);
  expect(shown(left)).toEqual(["left", "1 withdrawn", "unsign", 2 + 2 * dayMs + hourMs]);
  expect(shown(after("staying", left, 3))).toEqual(["signed", "1 active", undefined, undefined]);
});
