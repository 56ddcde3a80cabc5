/** `npm test -- --kills=300 test/ledger` for a longer run, `--kill-seed=7` for other moments. */

import { expect, test } from "bun:test";
import { runKills } from "./kill-run.ts";
import type { KillResult } from "./kill-run.ts";
import { Ledger, makeValue } from "./ledger.ts";
import type { Fault } from "./ledger.ts";

const kills = Number(process.env["NAMEWARD_TEST_KILLS"] ?? 20);
const seed = Number(process.env["NAMEWARD_TEST_KILL_SEED"] ?? 9);
const hosts = 2_000;
/** A ledger that saw fewer changes than this a kill proves nothing. A loaded machine does ten times more. */
const acknowledgedMin = 50;
/** Generous: a start, a load and a look at every host. */
const killMs = 60_000;

function tell(name: string, { ledger, faults }: KillResult): void {
  const words = [...ledger.words].map(([word, count]) => `${word || "no answer"} ${count}`);
  process.stderr.write(
    `${name}: ${ledger.acknowledged} changes acknowledged, ${countOf("lost", faults)} lost, ` +
      `${faults.length} faults (${words.join(", ")})\n`,
  );
}

function countOf(kind: Fault["kind"], faults: readonly Fault[]): number {
  return faults.filter((fault) => fault.kind === kind).length;
}

test(
  `no acknowledged change is lost in ${kills} kills`,
  async () => {
    const result = await runKills({ kills, hosts, seed });
    tell(`${kills} kills, seed ${seed}`, result);
    expect(result.faults).toEqual([]);
    expect([...result.ledger.words.keys()].filter((word) => word.includes("badauth"))).toEqual([]);
    expect(result.ledger.acknowledged).toBeGreaterThan(acknowledgedMin * kills);
  },
  killMs * (kills + 1),
);

test(
  "a server that acknowledges before it stores is found out",
  async () => {
    const command = [process.execPath, `${import.meta.dir}/early-answer.ts`];
    const result = await runKills({ kills: 3, hosts, seed, command });
    tell("Control: 3 kills of a server that answers early", result);
    expect(countOf("lost", result.faults)).toBeGreaterThan(0);
  },
  killMs * 4,
);

test("every kind of fault of a value is told from what may be", () => {
  // Host 1 sent changes 1 to 3, of which 2 is the last that was acknowledged.
  const cases: readonly [shown: Uint8Array | undefined, fault: Fault["kind"] | undefined][] = [
    [makeValue(1, 2), undefined],
    [makeValue(1, 3), undefined],
    [makeValue(1, 1), "lost"],
    [undefined, "lost"],
    [makeValue(1, 4), "invented"],
    [makeValue(0, 2), "crossed"],
  ];
  for (const [shown, fault] of cases) {
    const ledger = new Ledger(2);
    for (const word of ["good", "good", ""]) {
      ledger.send(1);
      ledger.answer(1, word);
    }
    expect(ledger.check(1, shown)?.kind).toBe(fault);
  }
});
