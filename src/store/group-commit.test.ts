import { expect, test } from "bun:test";
import type { AddressChange, HostId } from "../core/host.ts";
import { listHostIds } from "./address-group.ts";
import type { AddressGroup } from "./address-group.ts";
import { commitDeadlineMs, GroupCommit, groupMax, waitingMax } from "./group-commit.ts";
import { makeHistogram } from "./histogram.ts";
import { StoreFailed } from "./store.ts";
import type { StoreCounts } from "./store.ts";

/** A disk under the test's hand: every group waits until it is let go. */
class HeldDisk {
  readonly groups: AddressGroup[] = [];
  readonly late: HostId[] = [];
  readonly #held: ((applied: Uint8Array) => void)[] = [];
  nowMs = 0;
  readonly counts: StoreCounts = {
    groups: 0,
    changes: 0,
    failures: 0,
    recoveries: 0,
    groupSizes: makeHistogram([10]),
    commitSeconds: makeHistogram([1]),
  };
  readonly commits = new GroupCommit(
    {
      write: (group) => {
        this.groups.push(group);
        return new Promise((resolve) => this.#held.push(resolve));
      },
      takeNotes: () => [],
      tellLate: (hosts) => this.late.push(...hosts),
    },
    { now: () => this.nowMs, monotonicMs: () => this.nowMs },
    this.counts,
  );

  /** The oldest group is on disk. */
  letGo(): void {
    const group = this.groups[this.counts.groups]!;
    this.#held.shift()!(new Uint8Array(group.numbers.length / 2).fill(1));
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function changes(count: number, firstHost = 1): readonly AddressChange[] {
  return Array.from({ length: count }, (_, index) => ({
    host: firstHost + index,
    atMs: 0,
    v4: undefined,
    v6: undefined,
  }));
}

test("calls of one turn go together; later ones wait for their answer and go together too", async () => {
  const disk = new HeldDisk();
  const first = [disk.commits.commit(changes(1, 1), []), disk.commits.commit(changes(1, 2), [])];
  await turn();
  const second = [disk.commits.commit(changes(1, 3), []), disk.commits.commit(changes(1, 4), [])];
  await turn();
  expect(disk.groups.map(listHostIds)).toEqual([[1, 2]]);
  disk.letGo();
  expect(await Promise.all(first)).toEqual([["applied"], ["applied"]]);
  await turn();
  expect(disk.groups.map(listHostIds)).toEqual([
    [1, 2],
    [3, 4],
  ]);
  disk.letGo();
  await Promise.all(second);
  await disk.commits.idle();
  expect(disk.commits.waiting).toBe(0);
});

test("a group has its limit, and a call is never divided", async () => {
  const disk = new HeldDisk();
  void disk.commits.commit(changes(groupMax - 1), []);
  void disk.commits.commit(changes(2), []);
  void disk.commits.commit(changes(groupMax + 5), []);
  for (let group = 0; group < 3; group++) {
    await turn();
    disk.letGo();
    await turn();
  }
  await disk.commits.idle();
  expect(disk.groups.map((group) => group.numbers.length / 2)).toEqual([
    groupMax - 1,
    2,
    groupMax + 5,
  ]);
});

test("above the limit of what waits a change is refused at once", async () => {
  const disk = new HeldDisk();
  const inGroup = disk.commits.commit(changes(1), []);
  await turn();
  const waiting = disk.commits.commit(changes(waitingMax), []);
  await expect(disk.commits.commit(changes(1), [])).rejects.toThrow("Too many");
  expect(disk.counts.failures).toBe(1);
  disk.letGo();
  await inGroup;
  await turn();
  disk.letGo();
  expect(await waiting).toHaveLength(waitingMax);
});

test("after the deadline callers are let go, and what is written late is told", async () => {
  const disk = new HeldDisk();
  const inGroup = disk.commits.commit(changes(2, 10), []);
  await turn();
  const waiting = disk.commits.commit(changes(1, 20), []);
  disk.nowMs = commitDeadlineMs + 1;
  const refusals = (await Promise.allSettled([inGroup, waiting])).map((result) =>
    result.status === "rejected" ? result.reason : undefined,
  );
  for (const refusal of refusals) expect(refusal).toBeInstanceOf(StoreFailed);
  expect(disk.late).toEqual([]);
  disk.letGo();
  await disk.commits.idle();
  expect(disk.late).toEqual([10, 11]);
  expect(disk.groups).toHaveLength(1); // what was refused while it waited is never written
});
