/** The values of one host in the templates of a guide, and whether they fit the fields of the device. */

import type { Guide } from "./guide.ts";

export interface GuideValues {
  readonly host: string;
  readonly username: string;
  /** The server's name as devices reach it. */
  readonly server: string;
  readonly port: number;
  readonly password?: string;
}

export interface FilledGuide {
  readonly fields: readonly {
    readonly label: string;
    readonly value: string;
    readonly note: string | null;
    readonly isSecret: boolean;
  }[];
  readonly text: string | null;
  /** What does not fit, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * What stands in a text where the password belongs: it was shown once, and nobody here knows it. A page that has just
 * shown it puts it there. Not a word that a device has as a placeholder of its own, as OpenWrt's `[PASSWORD]`.
 */
const passwordWord = "YOUR-PASSWORD";

export function fillGuide(guide: Guide, values: GuideValues): FilledGuide {
  const fields = guide.fields.map(({ label, value, note, isSecret }) => ({
    label,
    value: fillTemplate(value, values),
    note: note === undefined ? null : fillTemplate(note, values),
    isSecret: isSecret ?? false,
  }));
  return {
    fields,
    text: guide.text === undefined ? null : fillTemplate(guide.text, values),
    warnings: findMisfits(guide, values),
  };
}

/**
 * `{host}`, `{label}`, `{zone}`, `{username}`, `{password}`, `{serverName}`, and `{server}`: name and port, the port left
 * out where it is 80. `{basic}` is the value of an Authorization header. Other braces stay: devices have their own.
 */
export function fillTemplate(template: string, values: GuideValues): string {
  const words = templateWords(values);
  return template.replace(/\{(\w+)\}/g, (whole, word: string) => words.get(word) ?? whole);
}

function templateWords({ host, username, server, port, password }: GuideValues) {
  const dot = host.indexOf(".");
  const name = server.includes(":") ? `[${server}]` : server;
  const secret = password ?? passwordWord;
  return new Map([
    ["host", host],
    ["label", dot === -1 ? host : host.slice(0, dot)],
    ["zone", host.slice(dot + 1)],
    ["username", username],
    ["password", secret],
    ["serverName", server],
    ["port", String(port)],
    ["server", port === 80 ? name : `${name}:${port}`],
    ["basic", Buffer.from(`${username}:${secret}`).toString("base64")],
  ]);
}

/** Values that a field would cut: the device keeps the beginning, and is refused without a hint. */
function findMisfits(guide: Guide, values: GuideValues): readonly string[] {
  return guide.fields.flatMap(({ label, value, octetsMax, isSecret }) => {
    if (octetsMax === undefined) return [];
    if (isSecret === true) {
      if (octetsMax >= passwordOctets) return [];
      return [
        `“${label}” keeps ${octetsMax} characters, and the password of a device login has ${passwordOctets}. Choose a password of your own for this login, as long as fits.`,
      ];
    }
    const octets = Buffer.byteLength(fillTemplate(value, values));
    if (octets <= octetsMax) return [];
    return [
      `“${label}” keeps ${octetsMax} characters and this value has ${octets}. ${remedyOf(value)}`,
    ];
  });
}

/** The generated password of a device login: 20 characters of base58. */
const passwordOctets = 20;

function remedyOf(value: string): string {
  if (value.includes("{username}")) return "Make a device login with a shorter user name.";
  if (value.includes("{host}")) return "Make a host with a shorter name.";
  return "Give the server a shorter name, or write its address.";
}
