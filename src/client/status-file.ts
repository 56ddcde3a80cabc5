/** What the running client shows to `client status`: a small file, written whole, of no worth after a restart. */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { State } from "./decide.ts";
import type { Family } from "./detect/source.ts";

export interface HostStatus {
  readonly profile: string;
  readonly service: string;
  readonly host: string;
  readonly family: Family;
  readonly state: State;
  /** What the service has. */
  readonly address: string | undefined;
  readonly acceptedAtMs: number | undefined;
  /** What was detected last. */
  readonly detected: string | undefined;
  readonly lastReply: { readonly atMs: number; readonly text: string } | undefined;
  readonly nextCheckAtMs: number | undefined;
}

export interface Status {
  readonly pid: number;
  readonly writtenAtMs: number;
  readonly hosts: readonly HostStatus[];
}

/** Not synced: it is written at each look, and tells nothing that has to survive. */
export function writeStatus(path: string, status: Status): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.new`, `${JSON.stringify(status)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch {
    // A disk that cannot be written has been told by the memory.
  }
}

export function readStatus(path: string): Status | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof read === "object" && read !== null && "hosts" in read
      ? (read as Status)
      : undefined;
  } catch {
    return undefined;
  }
}

export function printStatus(status: Status, isRunning: boolean, nowMs: number): string {
  const lines = status.hosts.map((host) => {
    const { address, acceptedAtMs, lastReply, nextCheckAtMs } = host;
    const parts = [
      `${host.host} IPv${host.family} (${host.profile}, ${host.service})`,
      address === undefined
        ? "  no address accepted yet"
        : `  address     ${address}, accepted ${ago(acceptedAtMs, nowMs)}`,
    ];
    if (host.detected !== undefined && host.detected !== address) {
      parts.push(`  detected    ${host.detected}`);
    }
    if (lastReply !== undefined) {
      parts.push(`  last reply  ${lastReply.text}, ${ago(lastReply.atMs, nowMs)}`);
    }
    const nextIn = Math.max(0, Math.round(((nextCheckAtMs ?? nowMs) - nowMs) / 1_000));
    if (host.state === "halted") parts.push("  halted      until its configuration changes");
    else if (isRunning && nextCheckAtMs !== undefined) parts.push(`  next check  in ${nextIn} s`);
    return parts.join("\n");
  });
  const first = isRunning ? "running" : "not running; this is what it knew last";
  return `${[first, ...lines].join("\n")}\n`;
}

function ago(atMs: number | undefined, nowMs: number): string {
  if (atMs === undefined) return "before";
  const seconds = Math.max(0, Math.round((nowMs - atMs) / 1_000));
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min ago`;
  return new Date(atMs).toISOString();
}
