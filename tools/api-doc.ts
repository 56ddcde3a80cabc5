/** Writes docs/api.md from the contract; with --check fails when it is not up to date. */

import { makeOpenApi } from "../src/api/openapi.ts";
import type { Operation } from "../src/api/openapi.ts";
import { describeOperation } from "../src/api/reference-page.ts";

const path = new URL("../docs/api.md", import.meta.url);
const api = makeOpenApi();

const head = `# API

<!-- Generated from src/api/contract/ by tools/api-doc.ts. Change the contract, not this page. -->

Everything is below \`/api/v1\` of the web listener, speaks JSON, and is described for programs at \`/api/v1/openapi.json\` (OpenAPI 3.1). The same page
as this one is served at \`/api/reference\`.

A script makes itself known with a token, which a person makes under *Tokens* and which is shown once:

\`\`\`sh
curl -H "Authorization: Bearer $TOKEN" https://names.example.net/api/v1/hosts
\`\`\`

What a token may do, its policy says: actions, and where given zones, patterns of names and types of records, all of which must hold. A token cannot
make tokens, nor do what only a person may. A browser has a session's cookie instead, and sends with everything that changes something its own
\`Origin\` and the header \`X-Nameward-Csrf\` with what \`GET /greeting\` gave. A call with both is refused. No page of another origin may call the API.

A fault is a problem as in RFC 9457: \`code\` is a word that stays, \`title\` a sentence, \`hint\` says what can be done, \`errors\` names single fields by
JSON pointer, and \`requestId\` is what the log has. What is not there and what is another's are the same 404. After 429 and 503, \`Retry-After\` says when.

Lists come in pages: \`next\` of one goes into \`after\` of the question for the following one. Below, \`?\` stands behind what may be left out, and every
text has a greatest length.
`;

function printTag(name: string, description: string): string {
  const operations = Object.entries(api.paths).flatMap(([at, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation.tags.includes(name))
      .map(([method, operation]) => printOperation(`${method.toUpperCase()} ${at}`, operation)),
  );
  const title = `${name[0]!.toUpperCase()}${name.slice(1)}`;
  return [`## ${title}`, "", description, "", ...operations].join("\n");
}

function printOperation(title: string, operation: Operation): string {
  const rows = describeOperation(operation).map(([term, text]) => `- ${term}: \`${text}\``);
  return [
    `### ${title}`,
    "",
    operation.summary,
    "",
    `- Who: ${operation.description}`,
    ...rows,
    "",
  ].join("\n");
}

const page = `${head}\n${api.tags.map(({ name, description }) => printTag(name, description)).join("\n")}`;

if (process.argv.includes("--check")) {
  const written = await Bun.file(path)
    .text()
    .catch(() => "");
  if (written !== page) {
    console.error("docs/api.md is not up to date: run bun tools/api-doc.ts");
    process.exitCode = 1;
  }
} else {
  await Bun.write(path, page);
}
