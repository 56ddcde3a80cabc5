/**
 * Ours, ddclient 3.10 and inadyn 2.10 as daemons through the same events; docs/client.md tells what is seen here. A look is asked for by
 * the signal that each has for it, so that minutes need not pass: when each looks by itself, `npm run bench:client-peers` tells.
 */

import { expect } from "bun:test";
import { serveHome } from "../clients/served-home.ts";
import { testWith } from "../debian.ts";
import { contenderHost, contenderNames, contenderTools, openRing, relayTo } from "./contenders.ts";
import type { ContenderName } from "./contenders.ts";
import { errorReplies } from "./error-replies.ts";

interface Kept {
  /** Updates in all: after the start, after three more looks, after a restart, after two more looks, after a change and a look. */
  readonly updates: readonly [number, number, number, number, number];
  /** What DNS has then. */
  readonly address: string;
}

const keeping: Readonly<Record<ContenderName, Kept>> = {
  // The founding rule: once after each start.
  nameward: { updates: [1, 1, 2, 2, 3], address: "203.0.113.2" },
  // Its last update is not half a minute old: the change has to wait for a later look.
  ddclient: { updates: [1, 1, 1, 1, 1], address: "203.0.113.1" },
  inadyn: { updates: [1, 1, 1, 1, 2], address: "203.0.113.2" },
};

async function keepAtNameward(name: ContenderName): Promise<Kept> {
  await using home = await serveHome();
  const { hostname, port } = home.server.devices;
  await using ring = await openRing(name, relayTo(hostname, port));
  const updates: number[] = [];
  for (const looks of [3, 2]) {
    await ring.stop();
    ring.start();
    await ring.settle();
    updates.push(ring.updates());
    for (let i = 0; i < looks; i++) expect(await ring.look()).toBe(true);
    updates.push(ring.updates());
  }
  ring.move("203.0.113.2");
  expect(await ring.look()).toBe(true);
  updates.push(ring.updates());
  const counted = (await home.countOutcome("changed")) + (await home.countOutcome("unchanged"));
  expect([name, counted]).toEqual([name, ring.updates()]);
  return { updates: updates as never, address: await home.resolve(contenderHost) };
}

testWith(
  [...contenderTools, "dig", "kdig"],
  "none sends for an address that stays but ours once after a start; a change is sent at the next look, ddclient's later",
  async () => {
    const seen = contenderNames.map(async (name) => [name, await keepAtNameward(name)] as const);
    expect(Object.fromEntries(await Promise.all(seen))).toEqual(keeping);
  },
  120_000,
);

/**
 * Updates in all after the start, two looks, a look after the address has moved, a restart, and one look more. `ends`: the process
 * ended by itself, so there is nothing to look.
 */
interface Row {
  readonly updates: readonly [number, number, number, number, number];
  readonly ends?: true;
}

/** Refused: never again, also after a restart, until the configuration changes. */
const leavesAlone: Row = { updates: [1, 1, 1, 1, 1] };
/** Failed: a minute at least, and only the wait that a service has asked for outlives a restart. */
const waits: Row = { updates: [1, 1, 1, 2, 2] };
/** ddclient's: it says that it waits for five minutes, and asks again at the look after the next. */
const everySecondLook: Row = { updates: [1, 2, 2, 3, 3] };
const everyLook: Row = { updates: [1, 3, 4, 5, 6] };
const ends: Row = { updates: [1, 1, 1, 2, 2], ends: true };

const afterErrors: Readonly<Record<string, Readonly<Record<ContenderName, Row>>>> = {
  badauth: { nameward: leavesAlone, ddclient: everySecondLook, inadyn: ends },
  nohost: { nameward: leavesAlone, ddclient: everySecondLook, inadyn: everyLook },
  notfqdn: { nameward: leavesAlone, ddclient: everySecondLook, inadyn: ends },
  abuse: { nameward: leavesAlone, ddclient: everySecondLook, inadyn: ends },
  "911": { nameward: leavesAlone, ddclient: everySecondLook, inadyn: everyLook },
  dnserr: { nameward: leavesAlone, ddclient: everySecondLook, inadyn: everyLook },
  "status 503": { nameward: waits, ddclient: everySecondLook, inadyn: everyLook },
  "a page": { nameward: waits, ddclient: everySecondLook, inadyn: ends },
};

async function goThrough(name: ContenderName, word: string): Promise<Row> {
  await using ring = await openRing(name, errorReplies[word]!);
  ring.start();
  await ring.settle();
  const updates = [ring.updates()];
  const isEnded = !ring.isRunning();
  await ring.look();
  await ring.look();
  updates.push(ring.updates());
  ring.move("203.0.113.2");
  await ring.look();
  updates.push(ring.updates());
  await ring.stop();
  ring.start();
  await ring.settle();
  updates.push(ring.updates());
  await ring.look();
  updates.push(ring.updates());
  return { updates: updates as never, ...(isEnded ? { ends: true } : {}) };
}

testWith(
  contenderTools,
  "after an error word ours waits or stops, where others ask at every look or end",
  async () => {
    const seen = await Promise.all(
      Object.keys(errorReplies).map(async (word) => {
        const rows = contenderNames.map(
          async (name) => [name, await goThrough(name, word)] as const,
        );
        return [word, Object.fromEntries(await Promise.all(rows))] as const;
      }),
    );
    expect(Object.fromEntries(seen)).toEqual(afterErrors);
  },
  120_000,
);
