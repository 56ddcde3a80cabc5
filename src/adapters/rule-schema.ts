/**
 * What an operator may write as a rule, and the reading of it: an unknown value becomes a rule or a list of
 * faults. Only data: patterns have braces and stars, never a regular expression, and no rule runs code.
 */

import { z } from "zod";

import { parseCidr } from "../base/address.ts";
import { addressDialects, listDialects, updateDialects, userDialects } from "./dialects.ts";
import type { Match, Rule } from "./rule.ts";

/** A rule as it was written, and requests that it must match. Plain data, fit for JSON. */
export interface RuleDocument {
  readonly rule: WrittenRule;
  readonly requests: readonly string[];
}

export type RuleReading =
  | { readonly kind: "document"; readonly document: RuleDocument }
  | { readonly kind: "faults"; readonly faults: readonly RuleFault[] };

export interface RuleFault {
  /** From the whole to the part that is wrong. */
  readonly path: readonly (string | number)[];
  /** What is wrong, or what is wanted. No full stop. */
  readonly what: string;
}

/** A device sends a handful of kinds of requests. */
const requestsMax = 20;
/** What a device listener reads at most, head and body. */
const requestCharactersMax = 12_288;
/** Members of one list of a rule. */
const membersMax = 50;

const oneText = (what: string) => z.string({ error: `wanted: ${what}` });

/** One member may stand without a list around it. */
function listOf<Item extends z.ZodType>(item: Item, max = membersMax) {
  const wrap = (given: unknown): unknown =>
    given === undefined || Array.isArray(given) ? given : [given];
  const list = z
    .array(item, { error: "wanted: a list" })
    .min(1, "wanted: one member or more")
    .max(max, `wanted: at most ${max} members`);
  return z.preprocess(wrap, list);
}

/** A list that may be left out, and is empty then. */
function someOf<Item extends z.ZodType>(item: Item) {
  const wrap = (given: unknown): unknown =>
    given === undefined ? [] : Array.isArray(given) ? given : [given];
  const list = z
    .array(item, { error: "wanted: a list" })
    .max(membersMax, `wanted: at most ${membersMax} members`);
  return z.preprocess(wrap, list);
}

/** A scalar of YAML comes as the text that was written. */
const yesOrNo = z.preprocess(
  (given) => (given === "true" ? true : given === "false" ? false : given),
  z.boolean({ error: "wanted: true or false" }),
);

const portWants = "wanted: a port, 1 to 65535";
const port = z.preprocess(
  (given) => (typeof given === "string" && /^[1-9]\d{0,4}$/.test(given) ? Number(given) : given),
  z.int({ error: portWants }).min(1, portWants).max(65_535, portWants),
);

const idWants = "wanted: 1 to 40 letters a to z, digits and -";
const ruleId = oneText("an id").regex(/^[a-z0-9-]{1,40}$/, idWants);

/** Segments of a path that stand for any one are parameters of their name with the braces. */
const keyWants = "wanted: the name of a parameter, or of a {segment} of the path";
const key = oneText("the name of a parameter")
  .toLowerCase()
  .regex(/^(?:[!-z|~]{1,64}|\{[a-z0-9_-]{1,40}\*?\})$/, keyWants);
const keys = listOf(key);

const wordWants = "wanted: 1 to 100 printable ASCII characters";
const word = oneText("a word")
  .toLowerCase()
  .regex(/^[ -~]{1,100}$/, wordWants);

const pathWants =
  "wanted: a path as /a/b, lower case, where {name} is any one segment and a last {name*} all that follows";
const path = oneText("a path").regex(
  /^(?:\/|(?:\/(?:[!"$-.0-z|~]{1,100}|\{[a-z0-9_-]{1,40}\}))*(?:\/(?:[!"$-.0-z|~]{1,100}|\{[a-z0-9_-]{1,40}\*?\})))$/,
  pathWants,
);
const lowerPath = path.refine((text) => text === text.toLowerCase() && !text.includes("?"), {
  error: pathWants,
});

const hostPattern = oneText("a host name")
  .toLowerCase()
  .regex(/^(?=.*[a-z0-9])[a-z0-9._*-]{1,253}$/, "wanted: a host name, * in it for any text");

const headerName = oneText("the name of a header")
  .toLowerCase()
  .regex(/^[a-z0-9-]{1,64}$/, "wanted: the name of a header");

const network = oneText("a network").refine((text) => parseCidr(text) !== undefined, {
  error: "wanted: a network or an address, as 10.0.0.0/8",
});

const method = z.preprocess(
  (given) => (typeof given === "string" ? given.toUpperCase() : given),
  z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], {
    error: "wanted: GET, HEAD, POST, PUT, PATCH or DELETE",
  }),
);

const matchShape = {
  methods: listOf(method),
  paths: listOf(lowerPath),
  hosts: listOf(hostPattern).exactOptional(),
  keys: keys.exactOptional(),
  anyKeys: keys.exactOptional(),
  absentKeys: keys.exactOptional(),
  values: listOf(z.strictObject({ key, oneOf: listOf(word) })).exactOptional(),
  headers: listOf(
    z.strictObject({ name: headerName, value: word.exactOptional() }),
  ).exactOptional(),
  userAgents: listOf(word).exactOptional(),
  ports: listOf(port).exactOptional(),
  peers: listOf(network).exactOptional(),
};
const match = z.strictObject(matchShape, { error: "wanted: what a request must have" });

const flag = z.union([key, z.strictObject({ key, words: listOf(word) })], {
  error: "wanted: the name of a parameter, or key and words",
});

const bareSources = ["basic", "basic-secret", "bearer", "bare-key"] as const;
const source = z.preprocess(
  (given) => (typeof given === "string" ? { kind: given } : given),
  z.discriminatedUnion(
    "kind",
    [
      z.strictObject({ kind: z.enum(bareSources) }),
      z.strictObject({ kind: z.literal("headers"), username: headerName, password: headerName }),
      z.strictObject({ kind: z.literal("parameters"), usernames: keys, passwords: keys }),
      z.strictObject({
        kind: z.literal("secret"),
        form: z.enum(["token", "sha1", "md5"], { error: "wanted: token, sha1 or md5" }),
        parameters: keys,
      }),
    ],
    { error: `wanted: ${bareSources.join(", ")}, or kind: headers, parameters or secret` },
  ),
);
const credential = listOf(source);

const mappingShape = {
  hosts: someOf(key),
  domains: keys.exactOptional(),
  hostInBrackets: key.exactOptional(),
  naming: z.enum(["full", "label"], { error: "wanted: full or label" }).exactOptional(),
  addresses: someOf(key),
  prefixes: keys.exactOptional(),
  offline: someOf(flag),
  challenge: z.strictObject({ values: keys, clear: someOf(flag) }).exactOptional(),
  credential,
  isAllOrNothing: yesOrNo.exactOptional(),
};
const mapping = z.strictObject(mappingShape, { error: "wanted: where the values are" });

const base = { id: ruleId, match };
const ruleSchema = z.discriminatedUnion(
  "operation",
  [
    z.strictObject({
      ...base,
      operation: z.literal("update"),
      mapping,
      dialect: dialectOf(updateDialects),
    }),
    z.strictObject({
      ...base,
      operation: z.literal("check-user"),
      credential,
      dialect: dialectOf(userDialects),
    }),
    z.strictObject({
      ...base,
      operation: z.literal("list-hosts"),
      credential,
      dialect: dialectOf(listDialects),
    }),
    z.strictObject({
      ...base,
      operation: z.literal("detect-address"),
      dialect: dialectOf(addressDialects),
    }),
  ],
  { error: "wanted: update, check-user, list-hosts or detect-address" },
);

const requests = listOf(
  oneText("a request or a URL")
    .min(1, "wanted: a request or a URL")
    .max(requestCharactersMax, `wanted: at most ${requestCharactersMax} characters`),
  requestsMax,
);

/** A rule as data: like `Rule`, but networks are texts. */
export type WrittenRule = z.output<typeof ruleSchema>;

const topKeys = ["id", "match", "operation", "mapping", "credential", "dialect", "requests"];

/** The keys that documents and their parts may have, for docs/adapters.md. */
export const writtenKeys: readonly string[] = [
  ...topKeys,
  ...Object.keys(matchShape),
  ...Object.keys(mappingShape),
];

/** `takenIds`: of the rules that are built in. */
export function parseRuleDocument(given: unknown, takenIds: ReadonlySet<string>): RuleReading {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return { kind: "faults", faults: [{ path: [], what: "wanted: a map with id, match …" }] };
  }
  const { requests: written, ...rest } = given as Record<string, unknown>;
  const rule = ruleSchema.safeParse(rest);
  const recorded = requests.safeParse(written);
  const faults = [
    ...faultsOf(rule.error, []),
    ...faultsOf(recorded.error, ["requests"]),
    ...(rule.success ? findContradictions(rule.data, takenIds) : []),
  ];
  if (!rule.success || !recorded.success || faults.length > 0) return { kind: "faults", faults };
  return { kind: "document", document: { rule: rule.data, requests: recorded.data } };
}

/** A rule that was checked when it was kept, read again. */
export function parseWrittenRule(json: string): Rule | undefined {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch {
    return undefined;
  }
  const { success, data } = ruleSchema.safeParse(given);
  return success ? makeRule(data) : undefined;
}

export function makeRule(written: WrittenRule): Rule {
  const { peers, ...conditions } = written.match;
  const match: Match = peers === undefined ? conditions : { ...conditions, peers: networks(peers) };
  return { ...written, match };
}

function networks(texts: readonly string[]): NonNullable<Match["peers"]> {
  return texts.map(parseCidr).filter((cidr) => cidr !== undefined);
}

function dialectOf<Name extends string>(table: Readonly<Record<Name, unknown>>) {
  const names = Object.keys(table) as Name[];
  return z.enum(names as [Name, ...Name[]], { error: `wanted: ${names.join(", ")}` });
}

/** What no part shows alone. */
function findContradictions(
  written: WrittenRule,
  takenIds: ReadonlySet<string>,
): readonly RuleFault[] {
  const faults: RuleFault[] = [];
  const { id, operation } = written;
  if (takenIds.has(id)) faults.push({ path: ["id"], what: `${id} is the id of a built-in rule` });
  if (operation === "update" && written.match.methods.includes("HEAD")) {
    faults.push({ path: ["match", "methods"], what: "HEAD changes nothing" });
  }
  written.match.paths.forEach((text, at) => {
    if (text.startsWith("/{") && !hasCondition(written.match)) {
      const what = "a path that begins with a {segment} takes every request: add keys or hosts";
      faults.push({ path: ["match", "paths", at], what });
    }
    for (const segment of segmentsNamed(written)) {
      if (text.split("/").includes(segment)) continue;
      faults.push({ path: ["match", "paths", at], what: `has no segment ${segment}` });
    }
  });
  return faults;
}

function hasCondition({ hosts, keys: some, userAgents, ports, peers }: WrittenRule["match"]) {
  return [hosts, some, userAgents, ports, peers].some((condition) => condition !== undefined);
}

/** Keys in braces, wherever the rule reads one. */
function segmentsNamed(written: WrittenRule): ReadonlySet<string> {
  const { match: _, ...read } = written;
  const found = JSON.stringify(read).match(/(?<=")\{[a-z0-9_-]+\*?\}(?=")/g);
  return new Set(found);
}

function faultsOf(
  error: z.ZodError | undefined,
  above: readonly (string | number)[],
): readonly RuleFault[] {
  return (error?.issues ?? []).flatMap((issue) => {
    const at = [
      ...above,
      ...issue.path.map((part) => (typeof part === "number" ? part : String(part))),
    ];
    if (issue.code !== "unrecognized_keys") return [{ path: at, what: issue.message }];
    return issue.keys.map((name) => ({ path: [...at, name], what: "is no key of a rule" }));
  });
}
