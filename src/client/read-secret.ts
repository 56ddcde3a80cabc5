/** Where the secrets of a service come from: the configuration, a file, the environment, standard input. Never argv. */

import { statSync } from "node:fs";
import { readConfigText } from "../config/config-text.ts";
import type { GivenText } from "../config/given.ts";
import type { Mistake } from "../config/mistake.ts";
import { printPlace } from "../config/mistake.ts";
import type { ServiceRow } from "./speak/service-row.ts";

/** The setting of the service that a name stands for: `password-file` stands for `password`. */
export function secretOf(name: string, row: ServiceRow): string | undefined {
  if (Object.hasOwn(row.settings, name)) return name;
  const base = name.replace(/-(file|env)$/, "");
  return base !== name && isSecretName(base, row) ? base : undefined;
}

export function isSecretName(name: string, row: ServiceRow): boolean {
  return row.settings[name]?.isSecret === true;
}

export async function readSecret(
  name: string,
  owner: string,
  { text, place }: GivenText,
  sources: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly readStdin: () => Promise<string>;
    readonly warnings: string[];
  },
  mistakes: Mistake[],
): Promise<string | undefined> {
  if (name === owner) {
    if (place.kind === "file") warnIfOpen(place.file, sources.warnings);
    return text;
  }
  const wrong = (what: string): undefined => {
    mistakes.push({ place, what, fix: undefined });
  };
  if (name.endsWith("-env")) {
    const value = sources.env[text];
    return value === undefined || value === ""
      ? wrong(`the environment has no ${JSON.stringify(text)}`)
      : value;
  }
  if (text === "-")
    return withoutLineEnd(await sources.readStdin()) || wrong("standard input is empty");
  const inFile: Mistake[] = [];
  const read = readConfigText(text, inFile);
  if (read === undefined) {
    return wrong(
      inFile.map((mistake) => `${printPlace(mistake.place)}: ${mistake.what}`).join("; "),
    );
  }
  warnIfOpen(text, sources.warnings);
  return withoutLineEnd(read) || wrong(`${text} is empty`);
}

/** As `echo` and editors leave it. */
function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}

function warnIfOpen(file: string, warnings: string[]): void {
  if (process.platform === "win32") return;
  const isOpen = ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0;
  const sentence = `${file} holds a secret, and others may read it: chmod 600 ${file}`;
  if (isOpen && !warnings.includes(sentence)) warnings.push(sentence);
}
