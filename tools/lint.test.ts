import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { root, runStep } from "./step.ts";

// Negative controls of .oxlintrc.json: each rule that the code relies on is broken once in a project
// of its own, and oxlint must say so. A rule that is renamed or mistyped is otherwise never missed.
const broken: readonly [rule: string, path: string, code: string][] = [
  [
    "no-floating-promises",
    "src/store/a.ts",
    "export function f(p: Promise<void>): void {\n  p;\n}",
  ],
  [
    "switch-exhaustiveness-check",
    "src/core/b.ts",
    'export function f(x: "a" | "b"): number {\n  switch (x) {\n    case "a":\n      return 1;\n  }\n  return 2;\n}',
  ],
  ["no-explicit-any", "src/core/c.ts", "export function f(x: any): void {\n  void x;\n}"],
  ["no-console", "src/store/d.ts", 'console.log("x");\nexport {};'],
  ["no-cycle", "src/dns/e.ts", 'import { g } from "./f.ts";\nexport const e = (): number => g();'],
  ["no-restricted-properties", "src/core/h.ts", "export const f = (): number => Date.now();"],
  ["no-restricted-properties", "src/zone/i.ts", "export const f = (): number => Math.random();"],
  ["no-restricted-globals", "src/dns/j.ts", "export const f = (): number => performance.now();"],
  ["no-restricted-globals", "src/core/k.ts", "setTimeout(() => {}, 1);\nexport {};"],
  [
    "no-restricted-imports",
    "src/core/l.ts",
    'import { readFileSync } from "node:fs";\nexport { readFileSync };',
  ],
  [
    "no-restricted-imports",
    "src/dns/m.ts",
    'import { createSocket } from "node:dgram";\nexport { createSocket };',
  ],
];

const allowed: readonly [what: string, path: string, code: string][] = [
  ["the clock outside of the rules", "src/base/n.ts", "export const f = (): number => Date.now();"],
  ["the clock in a test", "src/core/o.test.ts", "export const f = (): number => Date.now();"],
  ["printing in a tool", "tools/p.ts", 'console.log("x");\nexport {};'],
];

let folder = "";
let output = "";

beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/nameward-lint-`);
  await Bun.write(`${folder}/.oxlintrc.json`, Bun.file(`${root}.oxlintrc.json`));
  const compilerOptions = { target: "esnext", module: "esnext", strict: true, types: [] };
  await Bun.write(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions }));
  const other: [string, string, string] = [
    "",
    "src/dns/f.ts",
    'import { e } from "./e.ts";\nexport const g = (): number => e();',
  ];
  for (const [, path, code] of [...broken, ...allowed, other]) {
    await mkdir(dirname(`${folder}/${path}`), { recursive: true });
    await Bun.write(`${folder}/${path}`, `${code}\n`);
  }
  const env = { OXLINT_TSGOLINT_PATH: `${root}node_modules/.bin/tsgolint` };
  const command = ["sh", "-c", `cd '${folder}' && '${root}node_modules/.bin/oxlint' --format unix`];
  ({ output } = await runStep({ name: "oxlint", command, env }));
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

for (const [rule, path] of broken) {
  test(`${rule} is noticed in ${path}`, () => {
    const lines = output.split("\n").filter((line) => line.startsWith(`${path}:`));
    expect(lines.join("\n")).toContain(rule);
  });
}

for (const [what, path] of allowed) {
  test(`${what} is allowed`, () => {
    expect(output).not.toContain(`${path}:`);
  });
}
