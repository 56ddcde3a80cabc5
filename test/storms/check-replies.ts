/** What may stand in replies and logs, whatever was sent: the faults of each, as sentences. */

import { readFileSync } from "node:fs";
import { Glob } from "bun";
import { parseAddress } from "../../src/base/address.ts";
import { readRequest } from "../../src/devices/read-request.ts";
import { root } from "../../tools/step.ts";
import { readRecordedFiles } from "../adapters/read-recorded.ts";
import { findReplyFaults, parseReply } from "../scenario/http-exchange.ts";

const adaptersFolder = `${root}src/adapters/`;
const recorded = [...readRecordedFiles().values()].flat();

/** What dialects can say: the texts in their sources, and what recorded replies have. */
const vocabulary: ReadonlySet<string> = new Set(
  [
    ...recorded.flatMap(({ body, headers }) => [body, ...headers]),
    ...[...new Glob("{dialects,facades,.}/*.ts").scanSync(adaptersFolder)]
      .filter((path) => !path.endsWith(".test.ts"))
      .flatMap(
        (path) => readFileSync(adaptersFolder + path, "utf8").match(/"[^"\n]*"|`[^`]*`/g) ?? [],
      ),
  ].flatMap(words),
);

function words(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z]{2,}/g) ?? [];
}

/**
 * What a reply may hold beside words: names of hosts as they were asked for (ZoneEdit says them, TZO sends its client to
 * a page of the host that it asked), addresses, and the ids, salts, times and
 * digests that are made for it.
 */
function withoutValues(text: string, request: string): string {
  return text
    .replace(/\bhttps?:\/\/([\w.-]+)(?=[:/])/g, (url, host: string) =>
      request.includes(host) ? " " : url,
    )
    .replace(/[\w-]+(?:\.[\w-]+)+/g, (name) => (request.includes(name) ? " " : name))
    .replace(/[0-9A-Fa-f:.]{3,}/g, (run) => (isAddress(run) ? " " : run))
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, " ")
    .replace(/\b(?=[\w-]*\d)[A-Za-z0-9_-]{10,}\b/g, " ");
}

function isAddress(run: string): boolean {
  return parseAddress(run) !== undefined || parseAddress(run.replace(/[.:]$/, "")) !== undefined;
}

/** Where a dialect gives back what was sent or is kept, and in which characters. */
const echoes: readonly RegExp[] = [
  /(?:ZONE|HOST)="[\w.:,-]{0,255}"/g, // ZoneEdit
  /(?<=^|\s)OK\n[\x20-\x7e]*\n(?:UPDATED|NOCHANGE)$/g, // DuckDNS: the text that it was to set
  /"content":"(?:[^"\\]|\\.)*"/g, // Cloudflare's records
  /name="salt" content="[A-Za-z0-9]{10}"/g, // GnuDIP's, by chance
];

/** What a page that is shown must not hold, among what is sent. */
const markup = ["<script", "__proto__", "{{", "../"];

/** Lists may be long: one entry a host. FreeDNS' is told by its question. */
const listTypes = ["text/xml", "application/json"];
const listQuestion = /\baction=getdyndns\b/;

/** `request` is what was sent before our FIN. */
export function findFaults(
  request: string,
  reply: string,
  secrets: readonly string[],
): readonly string[] {
  const reading = readRequest(request);
  const isWhole = reading.kind === "request" || reading.kind === "maybe-http09";
  const isHead = isWhole && reading.request.method === "HEAD";
  const parsed = parseReply(reply);
  const type = parsed?.headers.find((line) => line.startsWith("Content-Type: ")) ?? "";
  const isList = listTypes.some((each) => type.includes(each)) || listQuestion.test(request);
  const faults = findReplyFaults(reply, isHead).filter(
    (fault) => !(isList && fault.endsWith(" octets in all")),
  );
  const told = [...(parsed?.headers.filter((line) => line.startsWith("Location")) ?? [])];
  const said = echoes.reduce(
    (text, echo) => text.replace(echo, " "),
    [...told, parsed?.body ?? ""].join(" "),
  );
  const unknown = words(withoutValues(said, request));
  return [
    ...faults,
    ...[...new Set(unknown)].filter((word) => !vocabulary.has(word)).map((word) => `says ${word}`),
    ...markup.filter((text) => said.includes(text)).map((text) => `tells ${text}`),
    ...secrets.filter((secret) => reply.includes(secret)).map(() => "tells a secret"),
  ];
}

/** The log of a server, in lines of JSON; what of it was lost at its front is not judged. */
export function findLogFaults(log: string, secrets: readonly string[]): readonly string[] {
  const faults: string[] = [];
  // Whatever a terminal or a log collector would act on.
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(log)) faults.push("a raw control character");
  for (const line of log.split("\n").slice(1)) {
    if (line !== "" && !isObject(line)) faults.push(`no line of JSON: ${line.slice(0, 200)}`);
  }
  if (/"level":"(?:error|fatal)"/.test(log)) faults.push("an error of ours");
  for (const secret of secrets) if (log.includes(secret)) faults.push("a secret");
  return faults;
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}
