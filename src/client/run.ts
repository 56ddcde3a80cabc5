/** The client while it runs: all profiles in one process, one memory, one status. */

import type { Clock } from "../base/clock.ts";
import { ChangeHook } from "./change-hook.ts";
import type { ClientConfig, Profile } from "./client-config.ts";
import { resumeTrack, startTrack } from "./decide.ts";
import type { Fraction } from "./decide.ts";
import { inOrder } from "./detect-in-order.ts";
import { Memory } from "./memory.ts";
import type { Key } from "./memory-file.ts";
import { RunningProfile } from "./run-profile.ts";
import { writeStatus } from "./status-file.ts";
import type { HostStatus } from "./status-file.ts";
import type { Tell } from "./tell.ts";

export interface RunGiven {
  readonly config: ClientConfig;
  readonly memoryFile: string;
  readonly statusFile: string;
  readonly clock: Clock;
  readonly fraction: Fraction;
  readonly tell: Tell;
  readonly stop: AbortSignal;
}

export interface RunningClient {
  /** Looks at once: something may have changed. */
  poke(): void;
  /** Resolves when it was told to stop and everything under way has ended. */
  readonly ended: Promise<void>;
}

export function startClient(given: RunGiven): RunningClient {
  const { profiles, hooks } = openProfiles(given, startTrack, given.stop);
  given.tell({ event: "started", text: `keeps ${countOf(profiles)} up to date` });
  for (const profile of profiles) profile.start();
  const stopped = new Promise<void>((resolve) => {
    if (given.stop.aborted) resolve();
    else given.stop.addEventListener("abort", () => resolve(), { once: true });
  });
  const ended = stopped.then(async () => {
    await Promise.all(profiles.map((profile) => profile.settled()));
    await Promise.all(hooks.map((hook) => hook.ended()));
    given.tell({ event: "stopped", text: "stopped" });
  });
  return {
    poke: () => {
      for (const profile of profiles) profile.poke();
    },
    ended,
  };
}

export type Looked =
  | { readonly kind: "looked"; readonly hosts: readonly HostStatus[] }
  /** Without a memory every look would send: from a timer that is a flood. */
  | { readonly kind: "no-memory"; readonly why: string };

/** Looks once, sends what changed, and ends. `isForced`: sends all, that which was refused or shall wait included. */
export async function lookOnce(given: RunGiven, isForced: boolean): Promise<Looked> {
  const done = new AbortController();
  const stop = AbortSignal.any([given.stop, done.signal]);
  const begin = isForced ? startAnyway : resumeTrack;
  const { profiles, hooks, memory } = openProfiles(given, begin, stop);
  const why = isForced ? undefined : memory.findTrouble();
  if (why !== undefined) return { kind: "no-memory", why };
  const hosts = await Promise.all(profiles.map((profile) => profile.lookOnce()));
  await Promise.all(hooks.map((hook) => hook.ended()));
  done.abort();
  return { kind: "looked", hosts: hosts.flat() };
}

const startAnyway: typeof startTrack = (remembered, now) =>
  startTrack(remembered && { ...remembered, halted: undefined, notBeforeMs: undefined }, now);

function openProfiles(
  given: RunGiven,
  begin: typeof startTrack,
  stop: AbortSignal,
): {
  readonly profiles: readonly RunningProfile[];
  readonly hooks: readonly ChangeHook[];
  readonly memory: Memory;
} {
  const { config, clock, fraction, tell } = given;
  const keys = config.profiles.flatMap(keysOf);
  const memory = Memory.open(given.memoryFile, keys, (text) => tell({ event: "memory", text }));
  const profiles: RunningProfile[] = [];
  const hooks: ChangeHook[] = [];
  const onStatus = (): void => {
    const hosts = profiles.flatMap((profile) => profile.status());
    const now = clock.now();
    writeStatus(given.statusFile, { pid: process.pid, writtenAtMs: now, hosts });
  };
  for (const { sources, configuration, onChange, ...profile } of config.profiles) {
    const hook = new ChangeHook(onChange, tell, stop);
    hooks.push(hook);
    const parts = {
      ...profile,
      sources: { 4: inOrder(sources[4]), 6: inOrder(sources[6]) },
      pollMs: config.pollMs,
      configuration: configuration.reveal(),
    };
    const around = {
      clock,
      fraction,
      memory,
      tell,
      onStatus,
      onChange: (host: string, family: 4 | 6, address: string): void => {
        hook.add({ profile: profile.name, host, family, address });
      },
    };
    profiles.push(new RunningProfile(parts, begin, around, stop));
  }
  return { profiles, hooks, memory };
}

function keysOf({ name: profile, hosts }: Profile): readonly Key[] {
  return hosts.flatMap(({ name: host }) => [
    { profile, host, family: 4 as const },
    { profile, host, family: 6 as const },
  ]);
}

function countOf(profiles: readonly RunningProfile[]): string {
  const hosts = new Set(profiles.flatMap((profile) => profile.status().map((one) => one.host)));
  return hosts.size === 1 ? "one host" : `${hosts.size} hosts`;
}
