/** The dashboard's files: bundled by the runtime from `src/web/`, compressed once, and served under names that change with them. */

import { bundlePages } from "./page-bundle.ts";
import type { PageBundle } from "./page-bundle.ts";

export interface PageFile {
  readonly type: string;
  readonly octets: Uint8Array<ArrayBuffer>;
  /** The same, for who takes gzip. */
  readonly gzipped: Uint8Array<ArrayBuffer>;
  /** Its name changes with it: a browser may keep it for ever. */
  readonly isLasting: boolean;
}

/** First segments of the paths that pages have: the browser is given the page, which looks at the rest. */
const pageSegments: ReadonlySet<string> = new Set([
  "",
  "hosts",
  "activity",
  "guides",
  "logins",
  "tokens",
  "account",
  "admin",
]);

export function isPagePath(path: string): boolean {
  return pageSegments.has(path.split("/")[1] ?? "");
}

/** Made when the first browser comes: a server that only devices ask never needs it. */
export function makeDashboard(): () => Promise<ReadonlyMap<string, PageFile>> {
  let made: Promise<ReadonlyMap<string, PageFile>> | undefined;
  return () => (made ??= bundlePages().then(makeFiles));
}

/** By path; the page itself is at `/`. */
function makeFiles({ script, style }: PageBundle): ReadonlyMap<string, PageFile> {
  const scriptPath = `/assets/pages-${hashOf(script)}.js`;
  const stylePath = `/assets/pages-${hashOf(style)}.css`;
  return new Map([
    ["/", makeFile("text/html; charset=utf-8", printPage(scriptPath, stylePath), false)],
    [scriptPath, makeFile("text/javascript; charset=utf-8", script, true)],
    [stylePath, makeFile("text/css; charset=utf-8", style, true)],
  ]);
}

function makeFile(type: string, text: string, isLasting: boolean): PageFile {
  const octets = new TextEncoder().encode(text);
  return { type, octets, gzipped: Bun.gzipSync(octets, { level: 9 }), isLasting };
}

function hashOf(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex").slice(0, 16);
}

function printPage(script: string, style: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Nameward</title>
<link rel="stylesheet" href="${style}">
<script type="module" src="${script}"></script>
</head>
<body></body>
</html>
`;
}
