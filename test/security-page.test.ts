/** docs/security.md: forty rows of ASVS, and every test that proves one is there. */

import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { root } from "../tools/step.ts";

const page = readFileSync(`${root}docs/security.md`, "utf8");

interface Row {
  readonly id: string;
  readonly holds: string;
  readonly proofs: readonly (readonly [string, string])[];
}

function readRows(text: string): readonly Row[] {
  return [...text.matchAll(/^\| (A\d+) \| [^|]+ \| ([^|]+) \| (.+) \|$/gm)].map(
    ([, id, holds, proof]) => ({
      id: id!,
      holds: holds!,
      proofs: [...proof!.matchAll(/`([^`]+\.test\.ts)`: "([^"]+)"/g)].map(
        ([, file, title]) => [file!, title!] as const,
      ),
    }),
  );
}

/** Titles of tests as they are written; `…` stands for what is filled in. */
function titlesOf(source: string): ReadonlySet<string> {
  const written =
    /\b(?:test|testWith|describe)\(\s*(?:(?:\[[^\]]*\]|\w+),\s*)?(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)/g;
  return new Set(
    [...source.matchAll(written)].map(([, plain, filled]) =>
      (plain ?? filled!).replaceAll(/\$\{[^}]*\}/g, "…"),
    ),
  );
}

/** What is said to prove something and is not there. */
function findMissing(rows: readonly Row[]): readonly string[] {
  return rows.flatMap(({ id, proofs }) =>
    proofs
      .filter(([file, title]) => {
        const path = `${root}${file}`;
        return !existsSync(path) || !titlesOf(readFileSync(path, "utf8")).has(title);
      })
      .map(([file, title]) => `${id}: ${file}: ${title}`),
  );
}

test("there are forty rows, in order, each with a test or with why not", () => {
  const rows = readRows(page);
  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 40 }, (_, at) => `A${at + 1}`));
  for (const { id, holds, proofs } of rows)
    expect([id, proofs.length > 0 || holds.includes("*No*")]).toEqual([id, true]);
});

test("every test that is named is there", () => {
  expect(findMissing(readRows(page))).toEqual([]);
});

test("control: a test that is not there, and one of another file, are noticed", () => {
  const bent = page
    .replace("and no script can read it (A1, A2, A3)", "and nobody eats it")
    .replace("`src/notify/dialer.test.ts`", "`src/notify/mailer.test.ts`");
  expect(findMissing(readRows(bent))).toHaveLength(2);
  expect(readRows(page.replace(/^\| A7 .*\n/m, ""))).toHaveLength(39);
});
