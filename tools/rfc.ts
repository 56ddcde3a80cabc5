/** Citations: every RFC that the code names is in `rfc/index.tsv`, and what is said to be done is cited. */

import { Glob } from "bun";
import { root } from "./step.ts";

interface IndexRow {
  readonly number: number;
  readonly status: "yes" | "partly" | "no";
  readonly title: string;
}

interface Citation {
  readonly number: number;
  /** `src/dns/name.ts:12`. */
  readonly where: string;
}

const indexPath = "rfc/index.tsv";

/** Reads the index, and says what is wrong with it. */
function parseIndex(text: string): { rows: IndexRow[]; mistakes: string[] } {
  const rows: IndexRow[] = [];
  const mistakes: string[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line === "" || line.startsWith("#")) continue;
    const fields = /^([1-9]\d{0,4})\t(yes|partly|no)\t(\S.*)$/.exec(line);
    if (fields === null) {
      mistakes.push(`${indexPath}:${i + 1}: wanted: number, tab, yes|partly|no, tab, title`);
      continue;
    }
    const [, number, status, title] = fields;
    const row = {
      number: Number(number),
      status: status as IndexRow["status"],
      title: title ?? "",
    };
    const before = rows.at(-1);
    if (before !== undefined && before.number >= row.number) {
      mistakes.push(`${indexPath}:${i + 1}: RFC ${row.number} after RFC ${before.number}`);
    }
    rows.push(row);
  }
  return { rows, mistakes };
}

/** `RFC 1035 §2.3.4` is how a citation is written; the section may be missing. */
function findCitations(path: string, text: string): Citation[] {
  return text.split("\n").flatMap((line, i) =>
    [...line.matchAll(/\bRFC[ -]?(\d{3,5})\b/g)].map((match) => ({
      number: Number(match[1]),
      where: `${path}:${i + 1}`,
    })),
  );
}

async function readCitations(): Promise<Citation[]> {
  const citations: Citation[] = [];
  for await (const path of new Glob("{src,test}/**/*.{ts,txt,zone}").scan(root)) {
    citations.push(...findCitations(path, await Bun.file(root + path).text()));
  }
  return citations.sort((a, b) => a.number - b.number || (a.where < b.where ? -1 : 1));
}

/** What the index and the code say differently. Only what is cited in `src/` counts as done. */
export function findMistakes(indexText: string, citations: readonly Citation[]): readonly string[] {
  const { rows, mistakes } = parseIndex(indexText);
  const indexed = new Set(rows.map((row) => row.number));
  const done = new Set(
    citations.filter(({ where }) => where.startsWith("src/")).map(({ number }) => number),
  );
  return [
    ...mistakes,
    ...citations
      .filter((citation) => !indexed.has(citation.number))
      .map((citation) => `${citation.where}: RFC ${citation.number} is not in ${indexPath}`),
    ...rows
      .filter((row) => row.status === "yes" && !done.has(row.number))
      .map(
        (row) => `${indexPath}: RFC ${row.number} is said to be done, and nothing in src cites it`,
      ),
  ];
}

if (import.meta.main) {
  const indexText = await Bun.file(root + indexPath).text();
  const citations = await readCitations();
  const mistakes = findMistakes(indexText, citations);
  if (process.argv.includes("--where")) {
    for (const row of parseIndex(indexText).rows) {
      const places = citations.filter((citation) => citation.number === row.number);
      console.log(`RFC ${row.number} (${row.status}) ${row.title}`);
      for (const place of places) console.log(`    ${place.where}`);
    }
  }
  for (const mistake of mistakes) console.log(mistake);
  console.log(`${citations.length} citations, ${mistakes.length} mistakes`);
  process.exitCode = mistakes.length === 0 && citations.length > 0 ? 0 : 1;
}
