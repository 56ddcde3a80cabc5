/** Nothing from outside becomes a statement or a command line (ASVS 1.2.4, 1.2.5, row A33). */

import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { root } from "../tools/step.ts";

/** Parts of statements that are constants of the program: lists of columns, a table's name, a number of ours. */
const constant =
  /^(?:select|where|tables?|column|columns|\w+Columns|\w+(?:Ms|Kib|Max)|applicationId|version \+ 1|[A-Z]\w*)$/;

const statement = /`\s*(?:select|insert|update|delete|with|pragma|vacuum|create|replace)\b[^`]*`/gi;

const sources: ReadonlyMap<string, string> = new Map(
  [...new Bun.Glob("src/**/*.{ts,tsx}").scanSync({ cwd: root })]
    .filter((path) => !path.endsWith(".test.ts"))
    .map((path) => [path, readFileSync(root + path, "utf8")]),
);

/** What is written into statements and is no constant. */
function findFilledIn(source: string): readonly string[] {
  return [...source.matchAll(statement)].flatMap(([text]) =>
    [...text.matchAll(/\$\{([^}]*)\}/g)]
      .map(([, filled]) => filled!)
      .filter((filled) => !constant.test(filled)),
  );
}

/** Programs are started by the update client, where its owner names one; it takes a list of arguments and no shell. */
const mayStart: ReadonlySet<string> = new Set([
  "src/client/detect/command.ts",
  "src/client/change-hook.ts",
]);
const starts = /node:child_process|Bun\.(?:spawn|\$)|import \{[^}]*\$[^}]*\} from "bun"/;

test("no value is written into a statement", () => {
  const statements = [...sources].filter(
    ([path, source]) => path.startsWith("src/store/") && source.search(statement) !== -1,
  );
  expect(statements.length).toBeGreaterThan(20);
  const found = [...sources].flatMap(([path, source]) =>
    path.startsWith("src/store/") ? findFilledIn(source).map((filled) => `${path}: ${filled}`) : [],
  );
  expect(found).toEqual([]);
});

test("the server starts no program", () => {
  const found = [...sources].filter(([, source]) => starts.test(source)).map(([path]) => path);
  expect(found.filter((path) => !mayStart.has(path))).toEqual([]);
  for (const path of mayStart) expect(sources.get(path)).not.toMatch(/shell: true/);
});

test("control: both would be noticed", () => {
  expect(findFilledIn("q(`select id from host where name = '${name}'`)")).toEqual(["name"]);
  expect(findFilledIn("q(`select ${columns} from host`)")).toEqual([]);
  expect('import { $ } from "bun";').toMatch(starts);
  expect('Bun.spawn(["sh", "-c", text])').toMatch(starts);
});
