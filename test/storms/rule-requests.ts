/** A request for each update rule and each source of credentials that it allows, made from the rule itself. */

import type { CredentialSource, UpdateRule } from "../../src/adapters/rule.ts";

export interface Wanted {
  /** First label and the rest. */
  readonly label: string;
  readonly zone: string;
  readonly address: string;
  readonly username: string;
  readonly password: string;
}

interface Draft {
  readonly query: Map<string, string>;
  readonly segments: Map<string, string>;
  readonly headers: Map<string, string>;
  bareKey: string;
}

/** Values that a rule needs to match, before those that it maps. */
export function makeRuleRequest(
  rule: UpdateRule,
  source: CredentialSource,
  wanted: Wanted,
): string {
  const { match, mapping } = rule;
  const draft: Draft = { query: new Map(), segments: new Map(), headers: new Map(), bareKey: "" };
  for (const key of match.keys ?? []) draft.query.set(key, "");
  for (const { key, oneOf } of match.values ?? []) draft.query.set(key, oneOf[0]!);
  if (match.anyKeys?.some((key) => draft.query.has(key)) === false) {
    draft.query.set(
      match.anyKeys.find((key) => mapping.hosts.includes(key)) ?? match.anyKeys[0]!,
      "",
    );
  }
  for (const { name, value } of match.headers ?? []) draft.headers.set(name, value ?? "x");
  const host = match.hosts?.[0]?.replaceAll("*", "x") ?? "members.example.test";
  draft.headers.set("host", host);
  putHost(draft, rule, wanted);
  putAddress(draft, rule, wanted.address);
  if (mapping.challenge !== undefined && draft.query.has("txt")) {
    draft.query.set("txt", `${rule.id}-${source.kind}-${wanted.label}`);
  }
  putCredential(draft, source, wanted);
  return print(rule, draft);
}

function putHost(draft: Draft, { match, mapping }: UpdateRule, { label, zone }: Wanted): void {
  if (mapping.hostInBrackets !== undefined) return;
  const allowed = mapping.hosts.filter((key) => match.absentKeys?.includes(key) !== true);
  const key = allowed.find((each) => draft.query.has(each)) ?? allowed[0];
  if (key === undefined) return;
  const domain = mapping.domains?.[0];
  if (domain !== undefined) put(draft, domain, zone);
  put(draft, key, domain === undefined && mapping.naming !== "label" ? `${label}.${zone}` : label);
}

function putAddress(draft: Draft, { match, mapping }: UpdateRule, address: string): void {
  const allowed = mapping.addresses.filter((key) => match.absentKeys?.includes(key) !== true);
  const key = allowed.find((each) => draft.query.has(each)) ?? allowed[0];
  if (key !== undefined) put(draft, key, address);
}

function putCredential(draft: Draft, source: CredentialSource, wanted: Wanted): void {
  const { username, password, label, zone } = wanted;
  switch (source.kind) {
    case "basic":
      draft.headers.set("authorization", `Basic ${btoa(`${username}:${password}`)}`);
      return;
    case "basic-secret":
      draft.headers.set("authorization", `Basic ${btoa(`${label}.${zone}:${password}`)}`);
      return;
    case "bearer":
      draft.headers.set("authorization", `Bearer ${password}`);
      return;
    case "headers":
      draft.headers.set(source.username, username).set(source.password, password);
      return;
    case "parameters":
      put(draft, source.usernames[0]!, username);
      put(draft, source.passwords[0]!, password);
      return;
    case "secret": {
      const { form, parameters } = source;
      const key = parameters.find((each) => draft.query.has(each)) ?? parameters[0]!;
      if (form === "token") put(draft, key, password);
      else put(draft, key, hash(form, form === "md5" ? password : `${username}|${password}`));
      return;
    }
    case "bare-key":
      draft.bareKey = password;
  }
}

function hash(form: "sha1" | "md5", text: string): string {
  return new Bun.CryptoHasher(form).update(text).digest("hex");
}

function put(draft: Draft, key: string, value: string): void {
  if (key.startsWith("{")) draft.segments.set(key, value);
  else draft.query.set(key, value);
}

function print({ match }: UpdateRule, { query, segments, headers, bareKey }: Draft): string {
  // The longest has room for every value.
  const longest = match.paths.reduce((path, other) =>
    segments.size > 0 && other.split("/").length > path.split("/").length ? other : path,
  );
  const path = longest.replaceAll(/\{\w+\}/g, (name) => segments.get(name)!);
  const pairs = [...query].map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  const all = bareKey === "" ? pairs : [bareKey, ...pairs];
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `GET ${path}${all.length > 0 ? `?${all.join("&")}` : ""} HTTP/1.1\r\n${lines}\r\n`;
}

/** The key in brackets cannot be told from the table alone: it holds the name itself. */
export function putBracketedHost(
  request: string,
  { mapping }: UpdateRule,
  { label, zone, address }: Wanted,
): string {
  if (mapping.hostInBrackets === undefined) return request;
  const pair = `${mapping.hostInBrackets}[${label}.${zone}]=${address}`;
  return request.replace(
    " HTTP/1.1",
    `${request.split("\r\n", 1)[0]!.includes("?") ? "&" : "?"}${pair} HTTP/1.1`,
  );
}
