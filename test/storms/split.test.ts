/** Every recorded request, cut in two at every octet: the reader and the listener must not notice where the network cut it. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { makeAdapter } from "../../src/adapters/answer.ts";
import { readRequest } from "../../src/devices/read-request.ts";
import type { Reading } from "../../src/devices/read-request.ts";
import { listening } from "../fixtures/devices/listening.ts";
import { makeNotingService } from "../fixtures/devices/noting-service.ts";
import { RawPeer } from "../fixtures/devices/raw-peer.ts";
import { requestOctets } from "./request-octets.ts";

setDefaultTimeout(60_000);

const requestsMin = 400;
/** So many of them go over sockets as well; one connection each, one octet a write. */
const everyNthOverSockets = 20;
const peersAtOnce = 8;

type Reader = (received: string, scannedTo: number) => Reading;

/** Places at which a cut changes what is read. A request is acted on once, so what came first counts. */
function findCutsThatMatter(read: Reader, octets: string): readonly number[] {
  const whole = JSON.stringify(settle(read(octets, 0)));
  const found: number[] = [];
  for (let cut = 1; cut < octets.length; cut++) {
    const first = read(octets.slice(0, cut), 0);
    // Nothing was left open: the rest is never looked at.
    const isOpen = first.kind === "more" || first.kind === "maybe-http09";
    const scannedTo = first.kind === "more" ? first.scannedTo : 0;
    const last = isOpen ? read(octets, scannedTo) : first;
    if (JSON.stringify(settle(last)) !== whole) found.push(cut);
  }
  return found;
}

/** A map has no text of its own. Where more is wanted, how much has been looked at may differ. */
function settle(reading: Reading): unknown {
  if (reading.kind === "more") return { kind: reading.kind, part: reading.part };
  if (reading.kind === "reject") return reading;
  return { ...reading.request, kind: reading.kind, headers: [...reading.request.headers] };
}

test("no cut of a recorded request changes what is read", () => {
  expect(requestOctets.length).toBeGreaterThanOrEqual(requestsMin);
  const wrong = requestOctets.flatMap((octets) => {
    const cuts = findCutsThatMatter(readRequest, octets);
    return cuts.length === 0 ? [] : [{ octets, cuts }];
  });
  expect(wrong).toEqual([]);
});

// Negative control: a reader that takes all it has seen for looked at misses an end that the cut goes through.
test("a reader that forgets where an end may have begun is found out", () => {
  const forgetful: Reader = (received, scannedTo) => {
    const reading = readRequest(received, scannedTo);
    return reading.kind === "more" ? { ...reading, scannedTo: received.length } : reading;
  };
  const found = requestOctets.filter((octets) => findCutsThatMatter(forgetful, octets).length > 0);
  expect(found.length).toBeGreaterThan(requestsMin / 2);
});

test("octet by octet over a socket a request gets the reply that it gets in one piece", async () => {
  const answer = makeAdapter(makeNotingService());
  await using service = await listening({ answer });
  const sample = requestOctets.filter((_, number) => number % everyNthOverSockets === 0);
  expect(sample.length).toBeGreaterThanOrEqual(requestsMin / everyNthOverSockets);
  const different: string[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let octets = sample[next++]; octets !== undefined; octets = sample[next++]) {
      const whole = await ask(service.port, [octets]);
      if ((await ask(service.port, [...octets])) !== whole) different.push(octets);
    }
  };
  await Promise.all(Array.from({ length: peersAtOnce }, work));
  expect(different).toEqual([]);
  expect(service.errors).toEqual([]);
});

/** Our FIN follows, so that half a request is answered at once. */
async function ask(port: number, pieces: readonly string[]): Promise<string> {
  const peer = await RawPeer.connect(port);
  for (const piece of pieces) {
    peer.send(piece);
    if (pieces.length > 1) await new Promise((resolve) => setImmediate(resolve));
  }
  peer.finish();
  await peer.ended();
  peer.close();
  return withoutChance(peer.text);
}

/** Salts, times and made-up names differ from one answer to the next. */
function withoutChance(reply: string): string {
  return reply.replace(/[A-Za-z0-9]{10,}/g, "…");
}
