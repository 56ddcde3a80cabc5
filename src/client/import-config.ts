/** A configuration of ddclient or inadyn as one of ours, with a list of what could not be taken over. */

import { findDdclientBlocks } from "./ddclient-file.ts";
import { findInadynBlocks } from "./inadyn-file.ts";

export interface Imported {
  /** YAML. It holds the passwords that the other file had. */
  readonly text: string;
  readonly left: readonly string[];
  readonly profiles: number;
}

export function importConfig(text: string): Imported {
  const isInadyn = /^\s*(provider|custom)\s+\S+\s*\{/m.test(text);
  const { blocks, poll, left } = isInadyn ? findInadynBlocks(text) : findDdclientBlocks(text);
  const profiles = blocks.map(({ profile }) => profile).filter((one) => one !== undefined);
  const lines = [
    "# Made from another client's file. It holds passwords: keep it readable by you alone.",
  ];
  for (const sentence of left) lines.push(`# not taken over: ${sentence.replace(/\p{Cc}/gu, " ")}`);
  if (poll !== undefined) lines.push(`poll: ${poll}`);
  if (profiles.length > 0) lines.push("profiles:");
  for (const [i, profile] of profiles.entries()) {
    lines.push(`  service${i + 1}:`);
    for (const [name, value] of Object.entries(profile)) {
      lines.push(`    ${name}: ${printYaml(value)}`);
    }
  }
  return { text: `${lines.join("\n")}\n`, left, profiles: profiles.length };
}

/** A JSON string is a YAML string, whatever is in it. */
function printYaml(value: string | readonly string[]): string {
  if (typeof value !== "string") return `[${value.map(printYaml).join(", ")}]`;
  return /^[a-z0-9][a-z0-9.-]*$/i.test(value) ? value : JSON.stringify(value);
}
