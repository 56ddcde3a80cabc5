/** Programs that read zone files and say what they read: each a judge of what we print. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Name } from "../../src/dns/name.ts";
import { typeName } from "../../src/dns/record-types.ts";
import type { RecordTypeName } from "../../src/dns/record-types.ts";
import { printZone } from "../../src/dns/print-zone.ts";
import type { ResourceRecord } from "../../src/dns/resource-record.ts";
import { tool } from "../debian.ts";

export interface ZoneJudge {
  readonly program: string;
  /** Types that it reads as RFC 3597 §5 has them, and not by their names. */
  readonly lacks: ReadonlySet<RecordTypeName>;
  /** Its command for a zone file. */
  command(apex: string, path: string, folder: string): readonly string[];
  /** Whether it prints what it has read. */
  readonly prints: boolean;
  /** It folds the case of owners. */
  readonly folds?: true;
  /** Records, as owner, type and RDATA, that it prints so that nobody reads them back. */
  readonly misprints?: RegExp;
}

const since2021: readonly RecordTypeName[] = ["AMTRELAY", "DSYNC", "RESINFO", "WALLET"];

/** Of Debian 12. */
export const lackedTypes = {
  bind: [],
  ldns: [...since2021, "AVC"],
  nsd: [...since2021, "GPOS", "HIP", "TALINK"],
  knot: [
    ...since2021,
    ...(["AVC", "DLV", "GPOS", "HIP", "ISDN", "MB", "MG", "MR", "NSAP"] as const),
    ...(["NULL", "PX", "SIG", "TALINK", "X25"] as const),
  ],
} as const satisfies Record<string, readonly RecordTypeName[]>;

const relaxed = ["-i", "none", "-k", "ignore", "-n", "ignore"];

export const judges: readonly ZoneJudge[] = [
  {
    program: "named-compilezone",
    lacks: new Set(lackedTypes.bind),
    command: (apex, path) => [...relaxed, "-q", "-o", "-", apex, path],
    prints: true,
  },
  {
    program: "ldns-read-zone",
    lacks: new Set(lackedTypes.ldns),
    command: (_, path) => [path],
    prints: true,
    // An owner that begins with $ unescaped, as a directive; an empty value of CAA without its quotes;
    // and escapes of alpn taken out once (RFC 9460 appendix A.1 needs them twice).
    misprints: /^\\\$| CAA .* ""$|alpn=.*\\/,
  },
  {
    program: "nsd-checkzone",
    lacks: new Set(lackedTypes.nsd),
    command: (apex, path) => ["-p", apex, path],
    prints: true,
    folds: true,
  },
  {
    program: "knotc",
    lacks: new Set(lackedTypes.knot),
    command(apex, path, folder) {
      const config = join(folder, "knot.conf");
      writeFileSync(
        config,
        `server:\n  rundir: ${folder}\ndatabase:\n  storage: ${folder}\n` +
          `zone:\n  - domain: ${apex}\n    file: ${path}\n    semantic-checks: off\n`,
      );
      return ["-c", config, "zone-check", apex];
    },
    prints: false,
  },
];

export interface Judgement {
  /** Lines that say that something is wrong. */
  readonly complaints: readonly string[];
  /** The zone as it prints it. */
  readonly printed: string;
}

export function judge(by: ZoneJudge, apex: string, path: string): Judgement {
  using folder = scratchFolder();
  const ran = spawnSync(tool(by.program)!, by.command(apex, path, folder.path), {
    cwd: dirname(path),
    maxBuffer: 64 * 1024 * 1024,
  });
  const complaints = [ran.stderr, ...(by.prints ? [] : [ran.stdout])]
    .flatMap((octets) => octets.toString("latin1").split("\n"))
    .filter((line) => /error|failed|not loaded/i.test(line));
  if (ran.status !== 0) complaints.push(`${by.program} ended with ${ran.status}`);
  return { complaints, printed: ran.stdout.toString("latin1") };
}

/** What we print, with what the judge has no name for as RFC 3597 §5 has it. */
export function printFor(
  by: { readonly lacks: ReadonlySet<string> },
  records: readonly ResourceRecord[],
  apex: Name,
): string {
  const isLacked = ({ type }: ResourceRecord): boolean => by.lacks.has(typeName(type));
  const known = records.filter((record) => !isLacked(record));
  return printZone(known, apex) + printOpaquely(records.filter(isLacked));
}

/** Every type and its RDATA as RFC 3597 §5 has it. */
export function printOpaquely(records: readonly ResourceRecord[]): string {
  return records
    .map(({ owner, ttlSeconds, type, rdata }) => {
      const octets = rdata.length === 0 ? "0" : `${rdata.length} ${rdata.toHex()}`;
      return `${owner} ${ttlSeconds} IN TYPE${type} \\# ${octets}\n`;
    })
    .join("");
}

/** One line a record, sorted: the order inside an RRset and of names is not the file's. */
export function describe(records: readonly ResourceRecord[]): string[] {
  return records
    .map((r) => `${r.owner} ${r.ttlSeconds} ${typeName(r.type)} ${r.rdata.toHex()}`)
    .toSorted();
}

/** Where two lists of lines part; short enough to be read. */
export function difference(found: readonly string[], wanted: readonly string[]): string[] {
  const has = new Set(found);
  const wants = new Set(wanted);
  return [
    ...found.filter((line) => !wants.has(line)).map((line) => `+ ${line}`),
    ...wanted.filter((line) => !has.has(line)).map((line) => `- ${line}`),
  ];
}

interface Scratch extends Disposable {
  readonly path: string;
}

export function scratchFile(text: string): Scratch {
  const folder = scratchFolder();
  const path = join(folder.path, "printed.zone");
  writeFileSync(path, text, "latin1");
  return { path, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

function scratchFolder(): Scratch {
  const path = mkdtempSync(join(tmpdir(), "nameward-zone-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
