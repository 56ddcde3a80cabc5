import { describe, expect, test } from "bun:test";
import { Contacts } from "./contacts.ts";
import { stateOf } from "./host-state.ts";

const minute = 60_000;
const start = Date.UTC(2026, 10, 30);

function heard(contacts: Contacts, atMs: number, kind: "change" | "repeat" | "refusal"): void {
  const addresses = { v4: Uint8Array.of(192, 0, 2, 7), v6: undefined };
  contacts.note({ host: 7, atMs, device: "ddclient/3", kind, addresses });
}

test("what is new is told once, and counted by the day", () => {
  const contacts = new Contacts();
  heard(contacts, start, "change");
  heard(contacts, start + minute, "repeat");
  heard(contacts, start + 2 * minute, "refusal");
  const batch = contacts.take()!;
  expect(batch.heard).toEqual([{ host: 7, atMs: start + minute, device: "ddclient/3" }]);
  const day = Math.floor(start / 86_400_000);
  expect(batch.days).toEqual([{ host: 7, day, changes: 1, contacts: 2, refused: 1 }]);
  expect(batch.spans.map(({ family }) => family)).toEqual([4, 6]);
  expect(contacts.take()).toBeUndefined();
});

test("a refusal is no sign of life", () => {
  const contacts = new Contacts();
  heard(contacts, start, "refusal");
  expect(contacts.heardAtMs(7)).toBeUndefined();
  expect(contacts.take()!.heard).toEqual([]);
});

test("a rhythm is known after a few contacts, and what was kept counts after a restart", () => {
  const contacts = new Contacts();
  for (let i = 0; i < 5; i++) heard(contacts, start + i * 10 * minute, "repeat");
  expect(contacts.rhythmMs(7)).toBeCloseTo(10 * minute, -2);
  const again = new Contacts();
  again.restore(100_000, start, "x");
  expect(again.heardAtMs(100_000)).toBe(start);
  expect(again.deviceOf(100_000)).toBe("x");
  expect(again.rhythmMs(100_000)).toBeUndefined();
});

describe("the state of a host", () => {
  const signs = {
    isHeld: false,
    isFixed: false,
    heardAtMs: start,
    rhythmMs: 10 * minute,
    alertMs: undefined,
  };
  const cases = [
    ["held", { ...signs, isHeld: true }, 0],
    ["fixed", { ...signs, isFixed: true }, 0],
    ["waiting", { ...signs, heardAtMs: undefined }, 0],
    ["current", signs, 20],
    ["quiet", signs, 31],
    ["silent", signs, 24 * 60 + 1],
    ["current", { ...signs, rhythmMs: undefined }, 365 * 24 * 60],
    ["silent", { ...signs, rhythmMs: undefined, alertMs: 60 * minute }, 61],
    ["quiet", { ...signs, alertMs: 0 }, 30 * 24 * 60],
  ] as const;
  for (const [state, given, minutes] of cases) {
    test(`${state} after ${minutes} minutes`, () => {
      expect(stateOf(given, start + minutes * minute)).toBe(state);
    });
  }
});
