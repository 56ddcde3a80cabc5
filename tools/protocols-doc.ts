/** Writes docs/protocols.md from the rules and the recorded requests; with --check fails when it is not up to date. */

import { quirks } from "../src/adapters/quirks.ts";
import { rules } from "../src/adapters/rules.ts";
import type { CredentialMapping, Rule } from "../src/adapters/rule.ts";
import { readRecordedFiles } from "../test/adapters/read-recorded.ts";
import type { Recorded } from "../test/adapters/read-recorded.ts";

const path = new URL("../docs/protocols.md", import.meta.url);

const head = `# Protocols

<!-- Generated from src/adapters/rules/ and test/fixtures/adapters/ by tools/protocols-doc.ts. Change those, not this page. -->

What devices may say, and what they are answered. A request goes to the first rule that matches; the rule says where in it host, address
and credential are, and the dialect says the words of the answer. Every request and reply on this page is one that a test sends to a real
server over a socket and compares octet for octet (\`test/fixtures/adapters/\`); which program was driven against which rule is in
[devices.md](devices.md).

Every reply is one segment with a \`Content-Length\` and \`Connection: close\`; it is never compressed, chunked or redirected to HTTPS. A passing
trouble of ours is 503 in every dialect. Wherever a path ends in \`.php\`, \`.aspx\`, \`.cgi\` and the like, the same path without that is understood too.
`;

const recorded = [...readRecordedFiles().values()].flat();

function printRule(rule: Rule): string {
  const cases = recorded.filter((one) => one.rule === rule.id);
  const example = cases.find(({ status }) => status < 300) ?? cases[0];
  const dialect = "dialect" in rule ? rule.dialect : "";
  return [
    `## ${rule.id}`,
    "",
    `- ${printOperation(rule)}, dialect \`${dialect}\``,
    `- ${rule.match.methods.join(", ")} ${rule.match.paths.map((one) => `\`${one}\``).join(", ")}`,
    ...printConditions(rule),
    ...printCredentials(rule),
    "",
    ...(example === undefined ? [] : [...printExample(example), ""]),
    ...printReplies(cases),
    "",
    `Proven by ${[...new Set(cases.map(({ file }) => `\`${file}\``))].join(", ")}, ${cases.length} ${cases.length === 1 ? "case" : "cases"}.`,
    "",
  ].join("\n");
}

function printOperation(rule: Rule): string {
  const operations = {
    update: "an update",
    "check-user": "a check of a login",
    "list-hosts": "a list of hosts",
    "detect-address": "what address is mine",
    facade: "several operations",
  } as const;
  return operations[rule.operation];
}

function printConditions({ match }: Rule): readonly string[] {
  const code = (texts: readonly string[] | undefined): string =>
    (texts ?? []).map((text) => `\`${text}\``).join(", ");
  return [
    ...(match.hosts === undefined ? [] : [`- host ${code(match.hosts)}`]),
    ...(match.keys === undefined ? [] : [`- with ${code(match.keys)}`]),
    ...(match.anyKeys === undefined ? [] : [`- with one of ${code(match.anyKeys)}`]),
    ...(match.absentKeys === undefined ? [] : [`- without ${code(match.absentKeys)}`]),
    ...(match.values ?? []).map(({ key, oneOf }) => `- \`${key}\` is ${code(oneOf)}`),
    ...(match.headers ?? []).map(
      ({ name, value }) => `- header \`${name}${value === undefined ? "" : `: ${value}`}\``,
    ),
    ...(match.userAgents === undefined ? [] : [`- user agent ${code(match.userAgents)}`]),
  ];
}

function printCredentials(rule: Rule): readonly string[] {
  if (rule.operation === "detect-address" || rule.operation === "facade") return [];
  const mapping = rule.operation === "update" ? rule.mapping.credential : rule.credential;
  return [`- credential: ${mapping.map(printSource).join(", else ")}`];
}

function printSource(source: CredentialMapping[number]): string {
  const keys = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join("/");
  switch (source.kind) {
    case "basic":
      return "Basic";
    case "basic-secret":
      return "Basic, whose password stands alone";
    case "bearer":
      return "`Authorization: Bearer` or `Token`";
    case "headers":
      return `headers \`${source.username}\`, \`${source.password}\``;
    case "parameters":
      return `${keys(source.usernames)} and ${keys(source.passwords)}`;
    case "secret":
      return `${keys(source.parameters)} as ${source.form}`;
    case "bare-key":
      return "the parameter without `=`";
  }
}

function printExample({ request, title }: Recorded): readonly string[] {
  return [`${title}:`, "", "```http", ...visible(request).trimEnd().split("\n"), "```"];
}

/** One line for each outcome: what was decided, and the answer. */
function printReplies(cases: readonly Recorded[]): readonly string[] {
  const rows = new Map<string, string>();
  for (const { outcomes, status, body, headers } of cases) {
    const decided = outcomes.length === 0 ? "-" : outcomes.join(", ");
    const location = headers.find((line) => line.startsWith("Location: "));
    const reply = `${status} ${body === "" ? "" : code(body)}${location === undefined ? "" : ` ${code(location)}`}`;
    const row = `| ${decided} | ${reply.trim()} |`;
    if (!rows.has(row)) rows.set(row, row);
  }
  return ["| Decided | Answer |", "|---|---|", ...rows.values()];
}

/** A reply that is longer goes on in its recording. */
const codeCharactersMax = 160;

function code(text: string): string {
  const shown = text.length > codeCharactersMax ? `${text.slice(0, codeCharactersMax)}…` : text;
  return `\`${visible(shown).replaceAll("\n", "\\n").replaceAll("|", "\\|").replaceAll("`", "'")}\``;
}

function visible(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(/[^\n -~…]/g, (octet) => `\\x${octet.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

const contents = [
  "| Rule | Dialect | Paths |",
  "|---|---|---|",
  ...rules.map(
    ({ id, dialect, match }) =>
      `| [${id}](#${id}) | ${dialect} | ${match.paths.map((one) => `\`${one}\``).join(" ")} |`,
  ),
].join("\n");

const peculiar = [
  "## Quirks",
  "",
  "What single clients need beside their dialect, chosen by who they say they are.",
  "",
  "| Quirk | Client | Why | What is bent |",
  "|---|---|---|---|",
  ...quirks.map(
    ({ id, client, reason, effects }) =>
      `| ${id} | ${client} | ${reason} | ${Object.keys(effects).join(", ")} |`,
  ),
  "",
].join("\n");

const page = `${head}\n${contents}\n\n${rules.map(printRule).join("\n")}\n${peculiar}`;

if (process.argv.includes("--check")) {
  const written = await Bun.file(path)
    .text()
    .catch(() => "");
  if (written !== page) {
    console.error("docs/protocols.md is not up to date: run bun tools/protocols-doc.ts");
    process.exitCode = 1;
  }
} else {
  await Bun.write(path, page);
}
