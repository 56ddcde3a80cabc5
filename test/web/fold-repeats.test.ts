import { expect, test } from "bun:test";
import { foldRepeats } from "../../src/web/fold-repeats.ts";
import type { Foldable } from "../../src/web/fold-repeats.ts";

function receiptOf(second: number, outcome: string, host = "cam1.dyn.test"): Foldable {
  return {
    id: `${second}.${host}`,
    at: new Date(second * 1_000).toISOString(),
    host,
    peer: "203.0.113.9",
    adapter: "dyndns2",
    username: "u7k2m9",
    userAgent: "Camera",
    outcome,
    addresses: ["203.0.113.9"],
    reason: outcome === "unchanged" ? "Already correct." : outcome,
    repeats: 0,
  };
}

function linesOf(receipts: readonly Foldable[]): readonly string[] {
  return foldRepeats(receipts).map(
    ({ receipt, times, since }) =>
      `${receipt.id} ${receipt.outcome} ×${times} since ${since.slice(17, 19)}`,
  );
}

test("repeats of one host are one line, whatever other hosts do between them", () => {
  const other = receiptOf(8, "changed", "nas.dyn.test");
  expect(
    linesOf([
      receiptOf(9, "unchanged"),
      other,
      receiptOf(7, "unchanged"),
      receiptOf(6, "unchanged"),
    ]),
  ).toEqual(["9.cam1.dyn.test unchanged ×3 since 06", "8.nas.dyn.test changed ×1 since 08"]);
});

test("a change or a refusal of the host ends the line", () => {
  expect(
    linesOf([
      receiptOf(9, "unchanged"),
      receiptOf(8, "bad-credentials"),
      receiptOf(7, "unchanged"),
    ]),
  ).toEqual([
    "9.cam1.dyn.test unchanged ×1 since 09",
    "8.cam1.dyn.test bad-credentials ×1 since 08",
    "7.cam1.dyn.test unchanged ×1 since 07",
  ]);
});

test("refusals are never folded, and repeats from elsewhere are another line", () => {
  const refusals = [receiptOf(9, "bad-credentials"), receiptOf(8, "bad-credentials")];
  expect(foldRepeats(refusals)).toHaveLength(2);
  const elsewhere = { ...receiptOf(8, "unchanged"), peer: "198.51.100.1" };
  expect(foldRepeats([receiptOf(9, "unchanged"), elsewhere])).toHaveLength(2);
});
