import { expect, test } from "bun:test";

import { parseAddress } from "../../base/address.ts";
import { systemClock } from "../../base/clock.ts";
import type { SeenShape } from "../../core/stored-adapter.ts";
import type { UnmatchedRequest } from "../update-service.ts";
import { lookedAtMax, lookedAtPerNetworkMax, UnmatchedNotes } from "./unmatched-notes.ts";

const known = { isHost: () => false, isUsername: () => false, findLogin: () => undefined };

function request(target: string, peer: string): UnmatchedRequest {
  return { method: "GET", target, headers: new Map(), body: "", peer: parseAddress(peer)! };
}

function makeNotes(write: (seen: readonly SeenShape[]) => Promise<void>): UnmatchedNotes {
  return new UnmatchedNotes({ known, clock: systemClock, write });
}

test("requests of one shape are written once, with how many there were", async () => {
  const written: SeenShape[] = [];
  const notes = makeNotes(async (seen) => void written.push(...seen));
  for (let last = 1; last <= 4; last++) notes.add(request(`/a?id=${last}00`, `192.0.2.${last}`));
  notes.add(request("/favicon.ico", "192.0.2.9"));
  expect(written).toEqual([]); // the reply does not wait for it
  await notes.look();
  expect(written).toMatchObject([{ shape: "GET /a?id", requests: 4 }]);
});

test("a flood is let go: of one network a few wait, and of all some more", () => {
  const notes = makeNotes(async () => undefined);
  for (let at = 0; at < 10_000; at++) notes.add(request(`/a?id=${at}`, "192.0.2.1"));
  expect(notes.waiting).toBe(lookedAtPerNetworkMax);
  for (let at = 0; at < 10_000; at++)
    notes.add(request(`/a?id=${at}`, `2001:db8:${at.toString(16)}::1`));
  expect(notes.waiting).toBe(lookedAtMax);
  expect(notes.passedOver).toBe(20_000 - lookedAtMax);
});

test("while the store is slow or broken what is seen is let go, and nothing fails", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let writes = 0;
  const slow = makeNotes(() => {
    writes++;
    return promise;
  });
  const looks: Promise<void>[] = [];
  for (let at = 0; at < 5; at++) {
    slow.add(request("/a?id=1", "192.0.2.1"));
    looks.push(slow.look());
  }
  expect(writes).toBe(1);
  expect(slow.waiting).toBe(0);
  resolve();
  await Promise.all(looks);

  const broken = makeNotes(() => Promise.reject(new Error("the disk is gone")));
  broken.add(request("/a?id=1", "192.0.2.1"));
  await broken.look();
  broken.add(request("/a?id=1", "192.0.2.1"));
  await broken.look();
  expect(broken.waiting).toBe(0);
});
