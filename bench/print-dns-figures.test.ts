import { expect, test } from "bun:test";
import type { ServerName } from "./dns-arguments.ts";
import { dnsCases } from "./dns-cases.ts";
import type { CaseName } from "./dns-cases.ts";
import { printCase, printDisturbance, printSigningCost } from "./print-dns-figures.ts";
import type { DnsMeasure, DnsRow } from "./print-dns-figures.ts";

const quiet: DnsMeasure = {
  completed: 100,
  lostPercent: 0,
  perSecond: 100_000,
  rcodes: { NOERROR: 100 },
  replyOctets: 61,
  latenciesMs: Float64Array.of(0.1, 0.2, 0.9),
  share: 0.8,
  cpuMicrosEach: 5,
  serverShare: 0.9,
  othersShare: 0.01,
  updates: undefined,
  hasServerCookie: true,
};

function findCase(name: CaseName) {
  return dnsCases.find((dnsCase) => dnsCase.name === name)!;
}

function row(who: ServerName, name: CaseName, ...each: readonly Partial<DnsMeasure>[]): DnsRow {
  return { dnsCase: findCase(name), who, measures: each.map((one) => ({ ...quiet, ...one })) };
}

const [met, missed] = ["aim at most 1: met", "aim at most 1: MISSED"];

for (const [ours, theirs, verdict] of [
  [5, 5, `nameward / knotd: 1.00, ${met}`],
  [5.2, 5, `nameward / knotd: 1.04, ${missed}`],
] as const) {
  test(`${ours} µs beside Knot's ${theirs} is "${verdict}"`, () => {
    const rows = [
      row("nameward", "existing", { cpuMicrosEach: ours }),
      row("knotd", "existing", { cpuMicrosEach: theirs }),
    ];
    expect(printCase(findCase("existing"), rows)).toContain(verdict);
  });
}

test("one disturbed round does not move the figure", () => {
  const costs = [5, 60, 5.5].map((cpuMicrosEach) => ({ cpuMicrosEach }));
  const printed = printCase(findCase("existing"), [row("nameward", "existing", ...costs)]);
  expect(printed).toContain(" 5.50 ");
  expect(printed).not.toContain(" 60.00 ");
});

test("replies with another RCODE than the case is about are shown", () => {
  const refusing = row("named", "existing", { rcodes: { NOERROR: 1, REFUSED: 99 } });
  expect(printCase(findCase("existing"), [refusing])).toContain("99 REFUSED");
  expect(printCase(findCase("existing"), [row("named", "existing", {})])).toContain("none");
});

test("who was left out is named with the reason", () => {
  const absent = { ...row("nsd", "updates"), why: "it takes no DNS UPDATE" };
  const printed = printCase(findCase("updates"), [absent]);
  expect(printed).toContain("nsd  LEFT OUT: it takes no DNS UPDATE");
});

test("signed answers of ours are compared with unsigned ones of ours", () => {
  const unsigned = row("nameward", "existing", { cpuMicrosEach: 5 });
  const signed = row("nameward", "signed", { cpuMicrosEach: 6.5 });
  const peer = row("knotd", "signed", { cpuMicrosEach: 1 });
  expect(printSigningCost([unsigned, peer, signed])).toContain("1.30, aim at most 1.2: MISSED");
  expect(printSigningCost([unsigned, peer])).toBe("");
});

test("a machine that was busy with other things is said to have been", () => {
  expect(printDisturbance([row("nameward", "existing", { othersShare: 0.4 })])).toContain("40 %");
  expect(printDisturbance([row("nameward", "existing", {})])).toBe("");
});
