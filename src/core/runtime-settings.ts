/** Settings that people change while the service runs: which there are, how they are read, and what they are now. */

import { parseServerAddress } from "../base/server-address.ts";
import type { ServerAddress } from "../base/server-address.ts";
import { secondFactorRoles } from "./accounts/second-factor-rule.ts";
import { findMailFault, mailNames, mailTexts } from "./mail-texts.ts";
import type { MailName } from "./mail-texts.ts";

export interface RuntimeSetting<Value> {
  readonly doc: string;
  /** What a value looks like; follows "wanted". */
  readonly wants: string;
  readonly fallback: string;
  readonly group: "brand" | "mail-texts" | "people" | "hosts";
  /** What it is edited with. */
  readonly kind: "text" | "number" | "choice" | "list" | "colour" | "mail";
  /** Of a choice. */
  readonly choices?: readonly string[];
  /** Of a mail: what may stand in braces. */
  readonly placeholders?: readonly string[];
  /** Of a text that cannot be read, where there is more to say than what is wanted. */
  explain?(text: string): string | undefined;
  parse(text: string): Value | undefined;
}

/** Where the pages take their colours from: each in a light and a dark theme. */
export const colourNames = [
  "accent",
  "accent-text",
  "background",
  "surface",
  "text",
  "good",
  "warning",
  "bad",
] as const;
export type ColourName = (typeof colourNames)[number];

const signUpModes = ["closed", "invitation", "open"] as const;

export const runtimeSettings = {
  brandName: {
    doc: "What the service is called on its pages and in its mails.",
    wants: "1 to 60 printable characters",
    fallback: "Nameward",
    group: "brand",
    kind: "text",
    parse: (text: string) => (/^[^\p{Cc}\p{Cs}<>]{1,60}$/u.test(text) ? text : undefined),
  },
  signUp: {
    doc: "Who may make an account: nobody, who is invited, or everybody who confirms a mail address.",
    wants: "closed, invitation or open",
    fallback: "invitation",
    group: "people",
    kind: "choice",
    choices: signUpModes,
    parse: (text: string) => signUpModes.find((word) => word === text),
  },
  secondFactorFor: {
    doc: "Who must have a second factor, from a week after the account was made: until it is enrolled nothing else can be done with it.",
    wants: "nobody, admins or everybody",
    fallback: "admins",
    group: "people",
    kind: "choice",
    choices: secondFactorRoles,
    parse: (text: string) => secondFactorRoles.find((word) => word === text),
  },
  hostsMax: count("Hosts that an account may have, unless it has a number of its own.", "50"),
  loginsMax: count(
    "Device logins that an account may have, unless it has a number of its own.",
    "100",
  ),
  tokensMax: count("API tokens that an account may have, unless it has a number of its own.", "20"),
  resolvers: {
    doc: "Resolvers that are asked for what a host answers now, beside our own server, and for how a zone is delegated.",
    wants:
      "up to 5 addresses with commas, as 192.0.2.53,2001:db8::53, with a port where it is not 53",
    fallback: "",
    group: "hosts",
    kind: "list",
    parse: parseResolvers,
  },
  receiptDays: {
    doc: "How long receipts are kept, and the past of hosts: their days, and the addresses they had.",
    wants: "a whole number of days from 1 to 3650",
    fallback: "90",
    group: "hosts",
    kind: "number",
    parse: number(1, 3_650),
  },
  ...(Object.fromEntries(
    colourNames.map((name) => [
      colourSettingOf(name),
      {
        doc: `The colour ${name} of the pages. Empty: as the pages have it.`,
        wants: "#rrggbb, or two of them for light and dark: #rrggbb #rrggbb",
        fallback: "",
        group: "brand",
        kind: "colour",
        parse: (text: string) =>
          /^(#[0-9a-f]{6}( #[0-9a-f]{6})?)?$/i.test(text) ? text.toLowerCase() : undefined,
      },
    ]),
  ) as Record<ColourSetting, RuntimeSetting<string>>),
  ...(Object.fromEntries(
    mailNames.map((name) => [
      mailSettingOf(name),
      {
        doc: mailTexts[name].doc,
        wants: `a subject, an empty line and a text, with ${placeholdersOf(name)
          .map((value) => `{${value}}`)
          .join(", ")}`,
        fallback: mailTexts[name].text,
        group: "mail-texts",
        kind: "mail",
        placeholders: placeholdersOf(name),
        explain: (text: string) => findMailFault(name, text),
        parse: (text: string) => (findMailFault(name, text) === undefined ? text : undefined),
      },
    ]),
  ) as Record<MailSetting, RuntimeSetting<string>>),
} as const satisfies Record<string, RuntimeSetting<unknown>>;

type ColourSetting = `colour${Capitalize<Camel<ColourName>>}`;
type Camel<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<Rest>}`
  : Name;
type MailSetting = `mail${Capitalize<MailName>}`;

export type RuntimeSettingName = keyof typeof runtimeSettings;
export const runtimeSettingNames = Object.keys(runtimeSettings) as readonly RuntimeSettingName[];
type ValueOf<Name extends RuntimeSettingName> = Exclude<
  ReturnType<(typeof runtimeSettings)[Name]["parse"]>,
  undefined
>;

export function isRuntimeSetting(name: string): name is RuntimeSettingName {
  return Object.hasOwn(runtimeSettings, name);
}

export function colourSettingOf(name: ColourName): ColourSetting {
  return `colour${capital(name.replace(/-(.)/g, (_all, letter: string) => letter.toUpperCase()))}` as ColourSetting;
}

export function mailSettingOf(name: MailName): MailSetting {
  return `mail${capital(name)}` as MailSetting;
}

/** What the settings are now. A text that is not understood any more counts as the default. */
export class RuntimeSettings {
  readonly #texts = new Map<RuntimeSettingName, string>();

  value<Name extends RuntimeSettingName>(name: Name): ValueOf<Name> {
    const { parse, fallback }: RuntimeSetting<unknown> = runtimeSettings[name];
    const value = parse(this.#texts.get(name) ?? fallback) ?? parse(fallback);
    return value as ValueOf<Name>; // the row's own reader made it
  }

  text(name: RuntimeSettingName): string {
    return this.#texts.get(name) ?? runtimeSettings[name].fallback;
  }

  /** Somebody set it; otherwise the default is in force. */
  isSet(name: RuntimeSettingName): boolean {
    return this.#texts.has(name);
  }

  /** Null: the default again. */
  set(name: RuntimeSettingName, text: string | null): void {
    if (text === null) this.#texts.delete(name);
    else this.#texts.set(name, text);
  }
}

function count(doc: string, fallback: string): RuntimeSetting<number> {
  return {
    doc,
    wants: "a whole number from 0 to 1000000",
    fallback,
    group: "people",
    kind: "number",
    parse: number(0, 1_000_000),
  };
}

function number(least: number, most: number): (text: string) => number | undefined {
  return (text) => {
    if (!/^(0|[1-9]\d{0,6})$/.test(text)) return undefined;
    const value = Number(text);
    return value >= least && value <= most ? value : undefined;
  };
}

const resolversMax = 5;

/** RFC 1035 §4.2. */
const dnsPort = 53;

function parseResolvers(text: string): readonly ServerAddress[] | undefined {
  if (text.trim() === "") return [];
  const words = text.split(",").map((word) => word.trim());
  const servers = words.map((word) => parseServerAddress(word, dnsPort));
  const known = servers.filter((server) => server !== undefined);
  return known.length === words.length && known.length <= resolversMax ? known : undefined;
}

function placeholdersOf(name: MailName): readonly string[] {
  return ["brand", ...mailTexts[name].values];
}

function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
