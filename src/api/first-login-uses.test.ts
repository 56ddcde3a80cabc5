import { expect, test } from "bun:test";
import type { Audit } from "./audit.ts";
import { FirstLoginUses } from "./first-login-uses.ts";

type Entry = Parameters<Audit["note"]>[0];

test("a fleet of a thousand leaves a hundred entries, and the next one says how many were left out", () => {
  const entries: Entry[] = [];
  const time = { ms: 0 };
  const clock = { now: () => time.ms, monotonicMs: () => time.ms };
  const uses = new FirstLoginUses({ note: async (entry) => void entries.push(entry) }, clock);
  const see = (username: string): void =>
    uses.see({ owner: "bob", username, peer: "192.0.2.7", device: "Camera/1.0" });
  for (let at = 0; at < 1_000; at++) see(`cam${at}`);
  expect(entries).toHaveLength(100);
  expect(entries[0]).toEqual({
    actor: "bob",
    action: "login.first-use",
    target: "cam0",
    result: "ok",
    detail: "Camera/1.0",
  });
  time.ms += 1_000;
  see("late");
  expect(entries.at(-1)?.detail).toBe("Camera/1.0; 900 before it were not kept");
});
