/** Who may import whom, and what a source file must look like: the map of the house, as data. */

export interface SourceFile {
  /** From the root of the project, with `/`: `src/dns/name.ts`. */
  readonly path: string;
  readonly text: string;
}

/** A folder, or one file of it: `dns/name.ts`. A folder may always import itself. */
const imports: Readonly<Record<string, readonly string[]>> = {
  base: [],
  dns: ["base"],
  zone: ["dns", "base"],
  core: ["dns/name.ts", "dns/ecdsa.ts", "dns/key-records.ts", "base"],
  config: ["base"],
  observe: ["base"],
  store: ["core", "dns", "base", "observe"],
  adapters: ["core", "dns/name.ts", "base", "observe"],
  devices: ["adapters", "base", "observe"],
  nameserver: ["core", "zone", "dns", "base", "observe"],
  notify: ["core", "base", "observe"],
  guides: [],
  api: ["guides", "core", "adapters", "dns/name.ts", "base", "observe"],
  web: ["api/contract.ts", "api/qr-code.ts"],
  client: ["dns", "base", "config"],
  asking: ["dns", "base"],
  cli: [
    "core",
    "store",
    "adapters",
    "asking",
    "devices/read-request.ts",
    "dns",
    "config",
    "observe",
    "base",
  ],
};

/** Pages take its types; its values, and the schemas they are made of, stay on the server. */
const contract = "src/api/contract.ts";

/** What is not ours or is not portable, and the folders that may know of it. */
const packages: Readonly<Record<string, readonly string[]>> = {
  hono: ["api"],
  "@simplewebauthn/server": ["api"],
  "bun:jsc": ["observe"],
  "bun:ffi": ["nameserver", "store", "client"],
  "bun:sqlite": ["store"],
  nodemailer: ["notify"],
  pino: ["observe"],
  preact: ["web"],
  "preact/hooks": ["web"],
  uplot: ["web"],
  "prom-client": ["observe"],
  yaml: ["config"],
  zod: ["adapters", "api"],
};

/** Names that say nothing about what is inside; STYLE asks for a noun of the field. */
const namelessNames = /^(utils?|helpers?|common|types|services?|misc|index)(\.|$)/;
/** There the word is a noun of the field: to an update client, a service is whom it reports to. */
const serviceFiles = /^src\/client\/speak\/services?\./;

/** What product code must not say, and who may. */
const phrases: readonly { found: RegExp; why: string; except?: string }[] = [
  {
    found: /\b(process\.argv|Bun\.argv|process\.exit|process\.exitCode)\b/,
    why: "only main.ts reads arguments and sets the exit code",
    except: "src/main.ts",
  },
  { found: /\b(TODO|FIXME|XXX)\b/, why: "a known gap is written down, not left in the code" },
  { found: /\bas any\b|@ts-ignore|@ts-nocheck/, why: "the types are the proof" },
  { found: /^import .*\.test\.ts"/m, why: "product code does not know the tests" },
];

/** Everything that is wrong, one sentence each. */
export function findViolations(files: readonly SourceFile[]): readonly string[] {
  const product = files.filter((file) => isProduct(file.path));
  return [
    ...files.flatMap(nameViolations),
    ...product.flatMap(importViolations),
    ...product.flatMap(textViolations),
    ...cycles(product),
  ];
}

/** Code that is shipped. The table does not bind tests: they bring parts together. */
function isProduct(path: string): boolean {
  return path.startsWith("src/") && !path.endsWith(".test.ts");
}

function nameViolations(file: SourceFile): string[] {
  if (serviceFiles.test(file.path)) return [];
  return file.path
    .split("/")
    .filter((part) => namelessNames.test(part))
    .map((part) => `${file.path}: "${part}" does not say what is inside`);
}

function importViolations(file: SourceFile): string[] {
  const from = folderOf(file.path);
  const allowed = from === undefined ? undefined : imports[from];
  if (from !== undefined && allowed === undefined) {
    return [`${file.path}: the import table does not know the folder ${from}`];
  }
  return importsOf(file).flatMap((wanted) => {
    if (!wanted.startsWith(".")) {
      const mayUse = packages[wanted];
      const isFree = mayUse === undefined && /^(node:|bun$)/.test(wanted);
      if (isFree || from === undefined || mayUse?.includes(from) === true) return [];
      return [`${file.path}: ${from} may not import ${wanted}`];
    }
    if (from === undefined) return []; // the composition root: everything meets there
    const target = resolve(file.path, wanted);
    if (target === "package.json") return []; // the version is said there and nowhere else
    if (!target.startsWith("src/")) return [`${file.path}: ${target} is outside src`];
    const to = folderOf(target);
    if (to === undefined) return [`${file.path}: nobody imports the composition root (${target})`];
    if (from === "web" && target === contract && !isTypeOnly(file, wanted))
      return [`${file.path}: pages take types of ${target.slice(4)} and nothing else`];
    const isAllowed =
      to === from || allowed?.some((entry) => entry === to || `src/${entry}` === target);
    return isAllowed === true ? [] : [`${file.path}: ${from} may not import ${target.slice(4)}`];
  });
}

function textViolations(file: SourceFile): string[] {
  const wrong = phrases
    .filter(
      (phrase) => phrase.except !== file.path && phrase.found.test(withoutComments(file.text)),
    )
    .map((phrase) => `${file.path}: ${phrase.why}`);
  const isIntroduced = file.text.replace(/^#!.*\n/, "").startsWith("/**");
  return isIntroduced
    ? wrong
    : [...wrong, `${file.path}: begins without a sentence on what it owns`];
}

/** Import cycles, each told once, by the path that closes it. */
function cycles(files: readonly SourceFile[]): string[] {
  const targets = new Map(
    files.map((file) => [
      file.path,
      importsOf(file)
        .filter((wanted) => wanted.startsWith("."))
        .map((wanted) => resolve(file.path, wanted)),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) found.push(`import cycle: ${[...trail.slice(start), path].join(" -> ")}`);
    if (start !== -1 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return found;
}

/** The bundle of the pages would otherwise carry what the server is made of. */
function isTypeOnly(file: SourceFile, wanted: string): boolean {
  const statements = withoutComments(file.text).matchAll(
    /^(import|export)\b(?<what>[^;"']*)["']([^"'\n]+)["']/gm,
  );
  return [...statements].every(
    (match) => match[3] !== wanted || match.groups?.["what"]?.startsWith(" type ") === true,
  );
}

/** What follows `from` or `import`, static and dynamic, values and types. */
function importsOf(file: SourceFile): string[] {
  const found = withoutComments(file.text).matchAll(
    /(?:\bfrom|^import|\bimport\()\s*["']([^"'\n]+)["']/gm,
  );
  return [...found].map((match) => match[1] ?? "");
}

function withoutComments(text: string): string {
  return text.replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, "").replace(/^[ \t]*\/\/.*$/gm, "");
}

/** `src/dns/name.ts` is in `dns`; a file directly in `src/` belongs to the composition root. */
function folderOf(path: string): string | undefined {
  const parts = path.split("/");
  return parts.length > 2 ? parts[1] : undefined;
}

function resolve(from: string, wanted: string): string {
  return new URL(wanted, `file:///${from}`).pathname.slice(1);
}
