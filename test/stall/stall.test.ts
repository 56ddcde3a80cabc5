/** DNS is answered whatever happens to HTTP, the store and the disk. `npm run bench:stall` says how quickly. */

import { expect, test } from "bun:test";
import { testWith } from "../debian.ts";
import { askSteadily } from "./ask-steadily.ts";
import type { AskReport } from "./ask-steadily.ts";
import { disturbances } from "./disturbances.ts";
import { openStage } from "./stage.ts";

const perSecond = 1_000;
/** Before and behind a disturbance. */
const quietMs = 300;
/** Far below what a loaded machine asks in the time. */
const askedMin = perSecond;
const testMs = 120_000;

for (const { what, needs, options, disturb } of disturbances) {
  testWith(
    needs,
    `every DNS query is answered with the right data while ${what}`,
    async () => {
      await using stage = await openStage(options);
      await using asking = await askSteadily(stage.order(perSecond));
      await Bun.sleep(quietMs);
      await disturb(stage);
      await Bun.sleep(quietMs);
      const report = await asking.stop();
      tell(what, report);
      expect(report.asked).toBeGreaterThan(askedMin);
      expect(report).toMatchObject({ answered: report.asked, wrong: 0, unanswered: 0 });
    },
    testMs,
  );
}

// Negative controls: what the asker must see.

test(
  "queries that a stopped server lets drop are counted as unanswered",
  async () => {
    await using stage = await openStage();
    await using asking = await askSteadily({ ...stage.order(perSecond), patienceMs: 2_000 });
    await Bun.sleep(quietMs);
    process.kill(stage.server.pid, "SIGSTOP");
    try {
      await Bun.sleep(2_000);
    } finally {
      process.kill(stage.server.pid, "SIGCONT");
    }
    await Bun.sleep(quietMs);
    const report = await asking.stop();
    tell("Control: the whole server is stopped for two seconds", report);
    expect(report.unanswered).toBeGreaterThan(0);
    expect(report.answered).toBeGreaterThan(0);
    expect(report.answered + report.unanswered).toBe(report.asked);
    expect(report.longestMs).toBeGreaterThan(500);
  },
  testMs,
);

test(
  "answers with other data are counted as wrong",
  async () => {
    await using stage = await openStage();
    await using asking = await askSteadily({ ...stage.order(perSecond), change: 2 });
    await Bun.sleep(quietMs);
    const report = await asking.stop();
    expect(report.wrong).toBeGreaterThan(0);
    expect(report).toMatchObject({ answered: 0, wrong: report.asked });
  },
  testMs,
);

function tell(what: string, report: AskReport): void {
  const { asked, unanswered, wrong, p50Ms, p99Ms, longestMs } = report;
  const times = [p50Ms, p99Ms, longestMs].map((ms) => ms.toFixed(1)).join(", ");
  process.stderr.write(
    `${what}: ${asked} asked, ${unanswered} unanswered, ${wrong} wrong; p50, p99 and longest ${times} ms\n`,
  );
}
