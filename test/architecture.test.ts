import { expect, test } from "bun:test";
import { Glob } from "bun";
import { root } from "../tools/step.ts";
import { findViolations } from "./import-table.ts";
import type { SourceFile } from "./import-table.ts";

const files: SourceFile[] = [];
for await (const path of new Glob("{src,test,tools,bench}/**/*.{ts,tsx}").scan(root)) {
  files.push({ path, text: await Bun.file(root + path).text() });
}

test("the map looks at files in every part of the house", () => {
  expect(files.length).toBeGreaterThan(20);
  for (const folder of ["base", "core", "dns", "store", "adapters", "web"]) {
    expect(files.some((file) => file.path.startsWith(`src/${folder}/`))).toBe(true);
  }
});

test("every file keeps to the import table", () => {
  expect(findViolations(files)).toEqual([]);
});

// Negative controls: what the map must notice, one fabricated file each.
const violations: readonly [string, SourceFile[], string][] = [
  [
    "a folder that imports one it may not",
    [source("src/base/x.ts", `import { Name } from "../dns/name.ts";`)],
    "base may not import dns/name.ts",
  ],
  [
    "a type import like any other",
    [source("src/dns/x.ts", `import type { Host } from "../core/host.ts";`)],
    "dns may not import core/host.ts",
  ],
  [
    "an import spread over lines",
    [source("src/dns/x.ts", `import {\n  makeZone,\n} from "../zone/zone.ts";`)],
    "dns may not import zone/zone.ts",
  ],
  [
    "a dynamic import",
    [source("src/zone/x.ts", `const store = await import("../store/store.ts");`)],
    "zone may not import store/store.ts",
  ],
  [
    "a file of dns that is not the names, from core",
    [source("src/core/x.ts", `import { readMessage } from "../dns/message.ts";`)],
    "core may not import dns/message.ts",
  ],
  [
    "an import of the composition root",
    [source("src/cli/x.ts", `import { serve } from "../serve.ts";`)],
    "nobody imports the composition root",
  ],
  [
    "SQL outside the store",
    [source("src/cli/x.ts", `import { Database } from "bun:sqlite";`)],
    "cli may not import bun:sqlite",
  ],
  [
    "a dependency nobody was given",
    [source("src/core/x.ts", `import leftPad from "left-pad";`)],
    "core may not import left-pad",
  ],
  [
    "a folder the table does not know",
    [source("src/plugins/x.ts", "export const x = 1;")],
    "does not know the folder plugins",
  ],
  [
    "a page that takes more than types of the contract",
    [source("src/web/x.tsx", `import { contract } from "../api/contract.ts";`)],
    "pages take types of api/contract.ts and nothing else",
  ],
  [
    "a page that knows the core",
    [source("src/web/x.ts", `import type { Host } from "../core/host.ts";`)],
    "web may not import core/host.ts",
  ],
  [
    "a cycle",
    [
      source("src/dns/a.ts", `import { b } from "./b.ts";`),
      source("src/dns/b.ts", `import { a } from "./a.ts";`),
    ],
    "import cycle: src/dns/a.ts -> src/dns/b.ts -> src/dns/a.ts",
  ],
  ["a barrel", [source("src/dns/index.ts", "export const x = 1;")], '"index.ts" does not say'],
  ["a drawer", [source("test/helpers/x.ts", "export const x = 1;")], '"helpers" does not say'],
  [
    "an exit code set below main.ts",
    [source("src/cli/x.ts", "process.exit(1);")],
    "only main.ts reads arguments",
  ],
  ["a hole in the types", [source("src/cli/x.ts", "f(x as any);")], "the types are the proof"],
  [
    "a file that does not say what it owns",
    [{ path: "src/dns/x.ts", text: "export const x = 1;" }],
    "begins without a sentence",
  ],
];

for (const [what, fabricated, sentence] of violations) {
  test(`the map notices ${what}`, () => {
    expect(findViolations(fabricated).join("\n")).toContain(sentence);
  });
}

test("the map is content with a file that keeps the rules", () => {
  const good = source("src/zone/x.ts", `import { Name } from "../dns/name.ts";\nimport "./y.ts";`);
  expect(findViolations([good])).toEqual([]);
});

test("the map does not take a comment for an import", () => {
  const good = source(
    "src/base/x.ts",
    `/* taken from "../dns/name.ts" */\n// import "../core/x.ts"`,
  );
  expect(findViolations([good])).toEqual([]);
});

function source(path: string, code: string): SourceFile {
  return { path, text: `/** Says what it owns. */\n\n${code}\n` };
}
