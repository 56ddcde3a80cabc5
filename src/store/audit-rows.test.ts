import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quietLog } from "../../test/quiet-log.ts";
import { systemClock } from "../base/clock.ts";
import { checkChain } from "../core/audit-entry.ts";
import type { NewAuditEntry } from "../core/audit-entry.ts";
import { openStore } from "./open-store.ts";

const entry: NewAuditEntry = {
  actor: "alice",
  user: 1,
  action: "token.add",
  target: "backup",
  peer: "198.51.100.9",
  result: "ok",
  requestId: "5c6f0b0e",
  detail: "",
};

/** A log of five entries that somebody with the file in hand did something to. */
async function checkAfter(meddle: string): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "nameward-audit-"));
  try {
    const path = join(folder, "nameward.db");
    const open = () => openStore({ url: path, thread: false, clock: systemClock, log: quietLog });
    {
      await using store = await open();
      for (const target of ["a", "b", "c", "d", "e"]) {
        await store.operator.appendAudit({ ...entry, target });
      }
    }
    const database = new Database(path, { strict: true });
    database.run(meddle);
    database.close();
    await using store = await open();
    return await checkChain(store.operator);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const meddling: readonly (readonly [string, string, unknown])[] = [
  ["nothing", "select 1", { kind: "holds", entries: 5 }],
  [
    "a target is another",
    "update audit set target = 'x' where id = 3",
    { kind: "broken", entries: 2, at: 3 },
  ],
  [
    "a time is another",
    "update audit set at_ms = at_ms + 1 where id = 1",
    { kind: "broken", entries: 0, at: 1 },
  ],
  [
    "an entry in the middle is gone",
    "delete from audit where id = 2",
    { kind: "broken", entries: 1, at: 2 },
  ],
  ["the first is gone", "delete from audit where id = 1", { kind: "broken", entries: 0, at: 1 }],
  [
    "the last two are gone",
    "delete from audit where id > 3",
    { kind: "broken", entries: 3, at: 4 },
  ],
  [
    "text moves from one field to the next",
    "update audit set actor = 'alicetoken', action = '.add' where id = 4",
    { kind: "broken", entries: 3, at: 4 },
  ],
  [
    "a hash is another",
    "update audit set hash = zeroblob(32) where id = 5",
    { kind: "broken", entries: 4, at: 5 },
  ],
];
for (const [title, sql, found] of meddling) {
  test(`the check finds it when ${title}`, async () => {
    expect(await checkAfter(sql)).toEqual(found);
  });
}

test("the log is read newest first, by page and filter", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nameward-audit-"));
  try {
    const url = join(folder, "nameward.db");
    await using store = await openStore({ url, thread: false, clock: systemClock, log: quietLog });
    const { operator } = store;
    await operator.appendAudit(entry);
    await operator.appendAudit({
      ...entry,
      actor: "bob",
      user: 2,
      action: "host.add",
      target: "cam.dyn.example.net",
    });
    await operator.appendAudit({
      ...entry,
      actor: "bob",
      user: 2,
      action: "user.change",
      target: "alice",
      detail: "100%_done",
    });
    const ids = async (filter: Parameters<typeof operator.listAudit>[0]) =>
      (await operator.listAudit(filter)).map(({ id }) => id);
    expect(await ids({ limit: 10 })).toEqual([3, 2, 1]);
    expect(await ids({ limit: 1, beforeId: 3 })).toEqual([2]);
    expect(await ids({ limit: 10, actor: "bo" })).toEqual([3, 2]);
    expect(await ids({ limit: 10, action: "token." })).toEqual([1]);
    expect(await ids({ limit: 10, target: "example" })).toEqual([2]);
    expect(await ids({ limit: 10, words: ["100%_"] })).toEqual([3]);
    expect(await ids({ limit: 10, words: ["100__"] })).toEqual([]);
    // What was done with the account, and what an administrator did to it.
    expect(await ids({ limit: 10, account: { user: 1, name: "alice" } })).toEqual([3, 1]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
