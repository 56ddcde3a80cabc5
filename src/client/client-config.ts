/** The configuration of the update client: one YAML file, flags and environment; all mistakes at once. */

import { readConfigText } from "../config/config-text.ts";
import type { Given, GivenText } from "../config/given.ts";
import type { Mistake, Place } from "../config/mistake.ts";
import { quote } from "../config/mistake.ts";
import { findNearest } from "../config/nearest.ts";
import { readYamlTree } from "../config/yaml-tree.ts";
import type { YamlPair, YamlTree } from "../config/yaml-tree.ts";
import {
  clientVariableOf,
  isProfileSetting,
  isWholeSetting,
  profileSettings,
  wholeSettings,
} from "./client-settings.ts";
import type { ProfileSetting } from "./client-settings.ts";
import { dayMs, minuteMs, resendAfterMs } from "./decide.ts";
import type { Policy } from "./detect/judge.ts";
import type { Source } from "./detect/source.ts";
import { parseSource } from "./detect/sources.ts";
import { parseDuration } from "./duration.ts";
import { hostWants, parseHost } from "./hosts.ts";
import type { Host } from "./hosts.ts";
import { isSecretName, readSecret, secretOf } from "./read-secret.ts";
import { Secret } from "./secret.ts";
import type { Service } from "./speak/service.ts";
import { isServiceWord, makeService, services } from "./speak/services.ts";
import type { ServiceWord } from "./speak/services.ts";
import type { ServiceRow, SettingMistake, Surroundings } from "./speak/service-row.ts";

export interface ClientConfig {
  readonly pollMs: number;
  /** The folder of the memory; `undefined`: the system's usual place. */
  readonly state: string | undefined;
  readonly profiles: readonly Profile[];
}

/** One service, and the hosts that are kept there. */
export interface Profile {
  readonly name: string;
  readonly service: Service;
  readonly hosts: readonly Host[];
  /** In the order in which they are asked; none: the family is left alone. */
  readonly sources: { readonly 4: readonly Source[]; readonly 6: readonly Source[] };
  readonly resendAfterMs: number;
  readonly onChange: readonly string[];
  /** All that a service may refuse: dialect, its settings and its secrets. */
  readonly configuration: Secret;
}

export interface ClientConfigSources {
  readonly file: string | undefined;
  /** By name of the setting. */
  readonly flags: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asked at most once, and only when a secret is to come from there. */
  readonly readStdin: () => Promise<string>;
  readonly surroundings: Surroundings;
}

export type ClientConfigReading =
  | { readonly kind: "config"; readonly config: ClientConfig; readonly warnings: readonly string[] }
  | { readonly kind: "mistakes"; readonly mistakes: readonly Mistake[] };

/** The founding rule is "every few minutes": faster than this finds out nothing sooner, events do that. */
const pollLeastMs = minuteMs / 2;
const pollMostMs = dayMs;
const pollDefaultMs = 5 * minuteMs;

const profilesMax = 100;
/** Above it a memory would be written for each of thousands of names; no household has them. */
const hostsMax = 1_000;
const sourcesMax = 10;

export async function readClientConfig(given: ClientConfigSources): Promise<ClientConfigReading> {
  const mistakes: Mistake[] = [];
  const warnings: string[] = [];
  const whole = new Map<string, Given>();
  const profiles = new Map<string, Settings>();
  if (given.file !== undefined) readFile(given.file, whole, profiles, mistakes);
  overlay(given, whole, profiles, mistakes);
  const { env, surroundings } = given;
  const around = { env, surroundings, readStdin: once(given.readStdin), warnings };
  const read: Profile[] = [];
  for (const [name, settings] of profiles) {
    const profile = await readProfile(name, settings, around, mistakes);
    if (profile !== undefined) read.push(profile);
  }
  const pollMs = readDuration(whole.get("poll"), "poll", [pollLeastMs, pollMostMs], mistakes);
  if (profiles.size === 0 && mistakes.length === 0) {
    const fix = "Name a file with --config, or say --service, --hosts and --ipv4 or --ipv6.";
    const place: Place = { kind: "flag", flag: "--config" };
    mistakes.push({ place, what: "there is nothing to keep up to date", fix });
  }
  if (mistakes.length > 0) return { kind: "mistakes", mistakes };
  const state = whole.get("state")?.texts[0]?.text;
  return {
    kind: "config",
    config: { pollMs: pollMs ?? pollDefaultMs, state, profiles: read },
    warnings,
  };
}

/** One profile as it was given. */
interface Settings {
  readonly place: Place;
  readonly given: Map<string, Given>;
}

function readFile(
  file: string,
  whole: Map<string, Given>,
  profiles: Map<string, Settings>,
  mistakes: Mistake[],
): void {
  const text = readConfigText(file, mistakes);
  const tree = text === undefined ? undefined : readYamlTree(file, text, mistakes);
  if (tree === undefined) return;
  for (const pair of pairsOf(tree, mistakes)) {
    if (pair.name === "profiles") readProfiles(pair.value, profiles, mistakes);
    else if (isWholeSetting(pair.name)) setGiven(pair, wholeSettings[pair.name], whole, mistakes);
    else mistakes.push(unknown(pair, [...Object.keys(wholeSettings), "profiles"]));
  }
}

function readProfiles(tree: YamlTree, profiles: Map<string, Settings>, mistakes: Mistake[]): void {
  const pairs = pairsOf(tree, mistakes);
  if (pairs.length > profilesMax) {
    mistakes.push({ place: tree.place, what: `more than ${profilesMax} profiles`, fix: undefined });
    return;
  }
  for (const { name, namePlace, value } of pairs) {
    const given = new Map<string, Given>();
    for (const pair of pairsOf(value, mistakes)) {
      const row = isProfileSetting(pair.name) ? profileSettings[pair.name] : serviceText;
      setGiven(pair, row, given, mistakes);
    }
    profiles.set(name, { place: namePlace, given });
  }
}

/** A service's own setting: one text. */
const serviceText = { isList: false, wants: "one value" };

function pairsOf(tree: YamlTree, mistakes: Mistake[]): readonly YamlPair[] {
  if (tree.kind === "map") return tree.pairs;
  const fix = "wanted: lines as `name: value`";
  mistakes.push({ place: tree.place, what: `found a ${tree.kind} where settings are wanted`, fix });
  return [];
}

function setGiven(
  { name, namePlace, value }: YamlPair,
  row: { readonly isList: boolean; readonly wants: string },
  given: Map<string, Given>,
  mistakes: Mistake[],
): void {
  const members = value.kind === "list" && row.isList ? value.items : [value];
  const texts: GivenText[] = [];
  for (const member of members) {
    if (member.kind === "text") {
      texts.push({ text: member.text, place: member.place });
    } else {
      const what = `${name} cannot be a ${member.kind}`;
      mistakes.push({ place: member.place, what, fix: `wanted: ${row.wants}` });
    }
  }
  given.set(name, { place: namePlace, texts });
}

/** Flags before environment before file; without a file they make the profile `default`. */
function overlay(
  { flags, env, file }: ClientConfigSources,
  whole: Map<string, Given>,
  profiles: Map<string, Settings>,
  mistakes: Mistake[],
): void {
  const given = new Map<string, Given>();
  for (const name of knownNames()) {
    const place: Place = Object.hasOwn(flags, name)
      ? { kind: "flag", flag: `--${name}` }
      : { kind: "environment", variable: clientVariableOf(name) };
    const text = flags[name] ?? env[clientVariableOf(name)];
    if (text === undefined || text === "") continue;
    const separator =
      isProfileSetting(name) && profileSettings[name].isList ? separators[name] : undefined;
    const parts = separator === undefined ? [text] : text.split(separator);
    const texts = parts.map((part) => ({ text: part.trim(), place }));
    (isWholeSetting(name) ? whole : given).set(name, { place, texts });
  }
  const first = given.values().next().value;
  if (first === undefined) return;
  if (profiles.size > 1 || (file !== undefined && profiles.size === 0)) {
    const what = "it is not clear which profile of the file is meant";
    mistakes.push({ place: first.place, what, fix: "say it in the file" });
    return;
  }
  const [only = ["default", { place: first.place, given: new Map<string, Given>() }] as const] =
    profiles;
  for (const [name, value] of given) only[1].given.set(name, value);
  profiles.set(only[0], only[1]);
}

/** How a list is written in one text; a program's arguments are divided by spaces. */
const separators: Readonly<Partial<Record<ProfileSetting, string | RegExp>>> = {
  hosts: ",",
  ipv4: " | ",
  ipv6: " | ",
  "on-change": / +/,
};

/** Every name that a flag or a variable may have, those of secrets in all their forms. */
export function knownNames(): readonly string[] {
  const ofServices = Object.values(services).flatMap((row: ServiceRow) =>
    Object.entries(row.settings).flatMap(([name, setting]) =>
      setting.isSecret === true ? [name, `${name}-file`, `${name}-env`] : [name],
    ),
  );
  return [
    ...new Set([...Object.keys(wholeSettings), ...Object.keys(profileSettings), ...ofServices]),
  ];
}

/** Secrets themselves are no flags: every user of the machine sees the words of a process. */
export function isFlagName(name: string): boolean {
  return !Object.values(services).some((row: ServiceRow) => row.settings[name]?.isSecret === true);
}

interface Around {
  readonly surroundings: Surroundings;
  readonly env: ClientConfigSources["env"];
  readonly readStdin: () => Promise<string>;
  readonly warnings: string[];
}

async function readProfile(
  name: string,
  { place, given }: Settings,
  around: Around,
  mistakes: Mistake[],
): Promise<Profile | undefined> {
  const before = mistakes.length;
  const word = given.get("service")?.texts[0];
  if (word === undefined || !isServiceWord(word.text)) {
    const words = Object.keys(services);
    const what =
      word === undefined ? `${name} has no service` : `${quote(word.text)} is no dialect`;
    mistakes.push({ place: word?.place ?? place, what, fix: `wanted: one of ${words.join(", ")}` });
    return undefined;
  }
  const row: ServiceRow = services[word.text];
  const serviceSettings: Record<string, string> = {};
  for (const [setting, value] of given) {
    if (isProfileSetting(setting)) continue;
    const owner = secretOf(setting, row);
    const [text] = value.texts;
    if (owner === undefined || text === undefined) {
      const known = [...Object.keys(profileSettings), ...Object.keys(row.settings)];
      mistakes.push(unknown({ name: setting, namePlace: value.place }, known));
      continue;
    }
    const secret = isSecretName(owner, row)
      ? await readSecret(setting, owner, text, around, mistakes)
      : text.text;
    if (secret !== undefined) serviceSettings[owner] = secret;
  }
  const service =
    mistakes.length === before
      ? readService(word.text, serviceSettings, { place, given }, around, mistakes)
      : undefined;
  const hosts = readHosts(name, place, given.get("hosts"), mistakes);
  const isPrivate = readWord(given.get("private"), "private", ["yes", "no"], mistakes);
  const policy = { mayBePrivate: isPrivate === "yes" };
  const sources = {
    4: readSources(given.get("ipv4"), policy, mistakes),
    6: readSources(given.get("ipv6"), policy, mistakes),
  };
  if (!given.has("ipv4") && !given.has("ipv6")) {
    const fix = "wanted: ipv4 or ipv6 with a source, as ipv4: interface eth0";
    mistakes.push({ place, what: `${name} learns no address`, fix });
  }
  const resend = readDuration(
    given.get("resend-after"),
    "resend-after",
    [dayMs, 365 * dayMs],
    mistakes,
  );
  if (mistakes.length > before || service === undefined) return undefined;
  const onChange = given.get("on-change")?.texts.map(({ text }) => text) ?? [];
  const configuration = new Secret(JSON.stringify([word.text, serviceSettings]));
  const resendMs = resend ?? resendAfterMs;
  return { name, service, hosts, sources, resendAfterMs: resendMs, onChange, configuration };
}

function readService(
  word: ServiceWord,
  settings: Readonly<Record<string, string>>,
  { place, given }: Settings,
  { surroundings }: Around,
  mistakes: Mistake[],
): Service | undefined {
  const made = makeService(word, settings, surroundings);
  if (!Array.isArray(made)) return made as Service;
  for (const { setting, found, wants } of made as readonly SettingMistake[]) {
    const at = [setting, `${setting}-file`, `${setting}-env`].find((name) => given.has(name));
    const where = at === undefined ? place : given.get(at)!.texts[0]?.place;
    const what = `found ${found} for ${setting}`;
    mistakes.push({ place: where ?? place, what, fix: `wanted: ${wants}` });
  }
  return undefined;
}

function readHosts(
  name: string,
  place: Place,
  given: Given | undefined,
  mistakes: Mistake[],
): readonly Host[] {
  const hosts = new Map<string, Host>();
  for (const { text, place: at } of given?.texts ?? []) {
    const host = parseHost(text);
    if (host === undefined) {
      mistakes.push({ place: at, what: `${quote(text)} is no host`, fix: `wanted: ${hostWants}` });
    } else if (hosts.has(host.name)) {
      mistakes.push({ place: at, what: `${quote(host.name)} is given twice`, fix: undefined });
    } else {
      hosts.set(host.name, host);
    }
  }
  if (given === undefined || given.texts.length === 0) {
    mistakes.push({ place, what: `${name} has no hosts`, fix: `wanted: ${hostWants}` });
  } else if (hosts.size > hostsMax) {
    mistakes.push({ place: given.place, what: `more than ${hostsMax} hosts`, fix: undefined });
  }
  return [...hosts.values()];
}

function readSources(
  given: Given | undefined,
  policy: Policy,
  mistakes: Mistake[],
): readonly Source[] {
  const texts = given?.texts ?? [];
  if (given === undefined || (texts.length === 1 && texts[0]!.text === "off")) return [];
  if (texts.length > sourcesMax) {
    mistakes.push({ place: given.place, what: `more than ${sourcesMax} sources`, fix: undefined });
  }
  return texts.flatMap(({ text, place }) => {
    const parsed = parseSource(text, policy);
    if (parsed.kind === "source") return parsed.source;
    mistakes.push({ place, what: parsed.what, fix: `wanted: ${parsed.wants}` });
    return [];
  });
}

function readDuration(
  given: Given | undefined,
  name: string,
  [least, most]: readonly [number, number],
  mistakes: Mistake[],
): number | undefined {
  const text = given?.texts[0];
  if (text === undefined) return undefined;
  const ms = parseDuration(text.text);
  if (ms !== undefined && ms >= least && ms <= most) return ms;
  const row = isWholeSetting(name) ? wholeSettings[name] : profileSettings["resend-after"];
  const what = `${quote(text.text)} is not a value of ${name}`;
  mistakes.push({ place: text.place, what, fix: `wanted: ${row.wants}` });
  return undefined;
}

function readWord<const Word extends string>(
  given: Given | undefined,
  name: ProfileSetting,
  words: readonly Word[],
  mistakes: Mistake[],
): Word | undefined {
  const text = given?.texts[0];
  const word = words.find((known) => known === text?.text);
  if (text !== undefined && word === undefined) {
    const what = `${quote(text.text)} is not a value of ${name}`;
    mistakes.push({ place: text.place, what, fix: `wanted: ${profileSettings[name].wants}` });
  }
  return word;
}

function unknown(
  { name, namePlace }: Pick<YamlPair, "name"> & { readonly namePlace: Place },
  known: readonly string[],
): Mistake {
  const nearest = findNearest(name, known);
  const fix = nearest === undefined ? `known: ${known.join(", ")}` : `did you mean "${nearest}"?`;
  return { place: namePlace, what: `unknown setting ${quote(name)}`, fix };
}

function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => (value ??= read());
}
