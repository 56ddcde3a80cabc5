/**
 * `npm run bench:stall`: how long DNS answers take while HTTP is flooded, the store is locked, the disk
 * stalls or is full, or a large zone is imported, beside the quiet figure of the same round. `--quick`
 * is one round.
 */

import { cpus, loadavg } from "node:os";
import { tool } from "../test/debian.ts";
import { askSteadily } from "../test/stall/ask-steadily.ts";
import type { AskReport } from "../test/stall/ask-steadily.ts";
import { disturbances } from "../test/stall/disturbances.ts";
import type { Disturbance } from "../test/stall/disturbances.ts";
import { openStage } from "../test/stall/stage.ts";

const rounds = process.argv.includes("--quick") ? 1 : 3;
const perSecond = 1_000;
const warmUpMs = 2_000;
const quietMs = 4_000;
/** DESIGN §6: p99 while HTTP is flooded or the store is stalled, against quiet. */
const ratioAim = 2;

const quiet: Disturbance = {
  what: "nothing else happens",
  needs: [],
  options: {},
  disturb: () => Bun.sleep(quietMs),
};

/** A server that has just compiled its way through its first thousand queries is a different one. */
async function measure({ options, disturb }: Disturbance): Promise<AskReport> {
  await using stage = await openStage(options);
  await using warmUp = await askSteadily(stage.order(perSecond));
  await Bun.sleep(warmUpMs);
  await warmUp.stop();
  await using asking = await askSteadily(stage.order(perSecond));
  await disturb(stage);
  return await asking.stop();
}

interface Row {
  readonly what: string;
  readonly reports: AskReport[];
}

type Figure = "p50Ms" | "p99Ms" | "longestMs";

function median({ reports }: Row, figure: Figure): number {
  return reports.map((report) => report[figure]).toSorted((a, b) => a - b)[reports.length >> 1]!;
}

function sum({ reports }: Row, count: "asked" | "unanswered" | "wrong"): number {
  return reports.reduce((total, report) => total + report[count], 0);
}

function print(rows: readonly Row[]): string {
  const [first] = rows;
  const quietP99Ms = median(first!, "p99Ms");
  const lines = rows.map((row) => {
    const ratio = median(row, "p99Ms") / quietP99Ms;
    const verdict = `${ratio.toFixed(2)}, aim ${ratioAim}: ${ratio <= ratioAim ? "met" : "MISSED"}`;
    const times = (["p50Ms", "p99Ms", "longestMs"] as const).map((figure) =>
      median(row, figure).toFixed(2).padStart(8),
    );
    const answered = (1 - (sum(row, "unanswered") + sum(row, "wrong")) / sum(row, "asked")) * 100;
    return [
      row.what,
      `  asked ${sum(row, "asked")}, answered right ${answered.toFixed(3)} %`,
      `  p50, p99, longest ms ${times.join("")}`,
      row === first ? "" : `  p99 / quiet p99 ${verdict}`,
    ]
      .filter((line) => line !== "")
      .join("\n");
  });
  return lines.join("\n");
}

const wanted = [quiet, ...disturbances];
const able = wanted.filter(({ needs }) => needs.every((program) => tool(program) !== undefined));
for (const { what } of wanted.filter((one) => !able.includes(one))) {
  console.log(`LEFT OUT, a program is not installed: ${what}`);
}
const rows: Row[] = able.map(({ what }) => ({ what, reports: [] }));
const load = loadavg()[0]!;
console.log(
  `${cpus().length} processors, load ${load.toFixed(1)}; ${perSecond} queries a second; ${rounds} rounds, medians`,
);
if (load > cpus().length / 2) {
  console.log(
    "OTHERS LOAD THE MACHINE: what follows also tells how long threads wait for a processor.",
  );
}
for (let round = 0; round < rounds; round++) {
  for (const [i, disturbance] of able.entries()) {
    rows[i]!.reports.push(await measure(disturbance));
  }
}
console.log(print(rows));
