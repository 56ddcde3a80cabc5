/** The reference of the API as a page: made from the contract, without a script and without anything from elsewhere. */

import type { OpenApi, Operation } from "./openapi.ts";
import { printSchema } from "./print-schema.ts";

export function printReferencePage(api: OpenApi): string {
  const sections = api.tags.map(({ name, description }) => printSection(api, name, description));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API reference</title>
<link rel="stylesheet" href="reference.css">
</head>
<body>
<header><h1>API reference</h1>
<p>${escapeHtml(String(api.info["description"]))}</p>
<p>All paths are below <code>/api/v1</code>. The same for programs: <a href="v1/openapi.json">OpenAPI 3.1</a>.</p>
<nav>${api.tags.map(({ name }) => `<a href="#${name}">${name}</a>`).join(" ")}</nav></header>
<main>
${sections.join("\n")}
</main>
</body>
</html>
`;
}

export const referenceStyle = `:root { color-scheme: light dark; --ink: #1b2430; --soft: #526070; --line: #d8dee6; --paper: #fbfcfd; --card: #fff; --mark: #0b6b49; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --soft: #a9b6c5; --line: #2c3744; --paper: #12181f; --card: #19212a; --mark: #4cc38a; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header, main { max-width: 56rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.25rem; margin: 2rem 0 0.5rem; text-transform: capitalize; }
h3 { font: 600 1rem/1.4 ui-monospace, monospace; margin: 0; overflow-wrap: anywhere; }
a { color: var(--mark); }
article { background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem 1rem; margin: 0 0 0.75rem; }
article p { margin: 0.25rem 0; }
dl { margin: 0.5rem 0 0; }
dt { color: var(--soft); font-size: 0.85rem; }
dd { margin: 0 0 0.35rem; }
code { font: 0.9rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
`;

function printSection(api: OpenApi, tag: string, description: string): string {
  const articles = Object.entries(api.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => printOperation(method.toUpperCase(), path, operation)),
  );
  return `<section id="${tag}"><h2>${tag}</h2>\n<p>${escapeHtml(description)}</p>\n${articles.join("\n")}\n</section>`;
}

function printOperation(method: string, path: string, operation: Operation): string {
  const rows = describeOperation(operation).map(
    ([term, text]) => `<dt>${term}</dt><dd><code>${escapeHtml(text)}</code></dd>`,
  );
  return `<article id="${operation.operationId}"><h3>${method} ${escapeHtml(path)}</h3>
<p>${escapeHtml(operation.summary)}</p>
<p>${escapeHtml(operation.description)}</p>
<dl>${rows.join("")}</dl></article>`;
}

/** What goes in and what comes out, each by its word. */
export function describeOperation(operation: Operation): readonly (readonly [string, string])[] {
  const query = operation.parameters.filter((parameter) => parameter.in === "query");
  const given = query.map(
    ({ name, required, schema }) => `${name}${required ? "" : "?"}: ${printSchema(schema)}`,
  );
  const body = Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema }]) =>
    schema === undefined ? type : printSchema(schema),
  );
  const replies = Object.entries(operation.responses)
    .filter(([status]) => status !== "default")
    .map(([status, { content }]) => {
      const [type, reply] = Object.entries(content ?? {})[0] ?? [];
      const shape = reply?.schema === undefined ? (type ?? "") : printSchema(reply.schema);
      return ["Answer", `${status} ${shape}`.trimEnd()] as const;
    });
  return [
    ...(given.length === 0 ? [] : [["Query", given.join(", ")] as const]),
    ...(body.length === 0 ? [] : [["Body", body.join(" or ")] as const]),
    ...replies,
  ];
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
