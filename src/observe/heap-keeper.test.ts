import { expect, test } from "bun:test";
import { GarbageGauge } from "./heap-keeper.ts";

const cases: readonly [what: string, seenMebibytes: readonly number[], due: readonly boolean[]][] =
  [
    ["memory that stays calls for nothing", [200, 200, 200], [false, false, false]],
    ["growth is measured against the least", [300, 200, 290, 297], [false, false, false, true]],
    [
      "after a collection the next look is the new measure",
      [200, 300, 250, 340, 347],
      [false, true, false, false, true],
    ],
    [
      "what is there for good is collected for once a step",
      [100, 200, 200, 300, 300, 300],
      [false, true, false, true, false, false],
    ],
  ];

for (const [what, seen, due] of cases) {
  test(what, () => {
    const gauge = new GarbageGauge();
    expect(seen.map((mebibytes) => gauge.isDue(mebibytes * 2 ** 20))).toEqual([...due]);
  });
}
