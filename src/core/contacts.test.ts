import { describe, expect, test } from "bun:test";
import { Contacts, joinSpans } from "./contacts.ts";
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
  expect(batch.heard).toEqual([
    { host: 7, atMs: start + minute, device: "ddclient/3", gapMinutes: 1, gaps: 1 },
  ]);
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
  again.restore({ ...contacts.take()!.heard[0]!, host: 100_000 });
  expect(again.heardAtMs(100_000)).toBe(start + 40 * minute);
  expect(again.deviceOf(100_000)).toBe("ddclient/3");
  expect(again.rhythmMs(100_000)).toBeCloseTo(10 * minute, -2);
});

test("a long silence does not become the rhythm, and a host that has become slower is learnt", () => {
  const contacts = new Contacts();
  let atMs = start;
  for (let i = 0; i < 5; i++) heard(contacts, (atMs += 10 * minute), "repeat");
  heard(contacts, (atMs += 5 * 24 * 60 * minute), "repeat");
  expect(contacts.rhythmMs(7)!).toBeCloseTo(14 * minute, -2);
  for (let i = 0; i < 30; i++) heard(contacts, (atMs += 60 * minute), "repeat");
  expect(contacts.rhythmMs(7)!).toBeGreaterThan(55 * minute);
});

test("a change by hand is a change, and no device was heard", () => {
  const contacts = new Contacts();
  const addresses = { v4: Uint8Array.of(192, 0, 2, 7), v6: undefined };
  contacts.note({ host: 7, atMs: start, device: "Firefox", kind: "by-hand", addresses });
  expect(contacts.heardAtMs(7)).toBeUndefined();
  expect(contacts.deviceOf(7)).toBe("");
  const batch = contacts.take()!;
  expect(batch.heard).toEqual([]);
  expect(batch.days).toMatchObject([{ changes: 1, contacts: 0 }]);
  expect(batch.spans).toHaveLength(2);
});

test("what is on its way to the store is not in it until it is settled", () => {
  const contacts = new Contacts();
  heard(contacts, start, "change");
  contacts.take();
  heard(contacts, start + minute, "repeat");
  expect(contacts.unwrittenSpans(7).map(({ family }) => family)).toEqual([4, 6]);
  expect(contacts.unwrittenDays(7).map(({ contacts: count }) => count)).toEqual([1, 1]);
  expect(contacts.unwrittenDays(8)).toEqual([]);
  contacts.settle();
  expect(contacts.unwrittenSpans(7)).toEqual([]);
  expect(contacts.unwrittenDays(7).map(({ contacts: count }) => count)).toEqual([1]);
});

test("spans that the store does not have yet follow those it has, as it would keep them", () => {
  const [one, two] = [Uint8Array.of(192, 0, 2, 1), Uint8Array.of(192, 0, 2, 2)];
  const span = (family: 4 | 6, fromMs: number, address: Uint8Array | undefined) => {
    return { host: 7, family, fromMs, address };
  };
  const later = [span(4, 2, one), span(6, 2, undefined), span(4, 3, two), span(4, 4, undefined)];
  expect(joinSpans([span(4, 1, one)], later)).toEqual([
    span(4, 1, one),
    span(4, 3, two),
    span(4, 4, undefined),
  ]);
});

test("hours of silence that somebody set are kept, never and by rhythm included", () => {
  const contacts = new Contacts();
  const told = [6, 0, 8_760, undefined].map((hours) => {
    contacts.setAlertHours(3_000, hours);
    return contacts.alertMs(3_000);
  });
  expect(told).toEqual([6 * 60 * minute, 0, 8_760 * 60 * minute, undefined]);
  expect(contacts.alertMs(7)).toBeUndefined();
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
