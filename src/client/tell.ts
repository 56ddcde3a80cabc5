/** What the client says while it runs: a sentence on a terminal, a line of JSON elsewhere. */

export interface Told {
  readonly event:
    | "detected"
    | "undetected"
    | "sent"
    | "accepted"
    | "unchanged"
    | "refused"
    | "failed"
    | "hook"
    | "memory"
    | "started"
    | "stopped";
  readonly profile?: string;
  readonly host?: string;
  readonly family?: 4 | 6;
  readonly address?: string;
  /** A sentence for people. */
  readonly text: string;
}

export type Tell = (told: Told) => void;

export function printTold(told: Told, atMs: number, isJson: boolean): string {
  if (isJson) return `${JSON.stringify({ at: new Date(atMs).toISOString(), ...told })}\n`;
  const who = told.profile === undefined ? "" : `${told.profile}: `;
  return `${clean(who + told.text)}\n`;
}

/** Texts of services and programs may hold what moves a terminal's cursor. */
function clean(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}
