/** Bent packets at a name server in a process of its own, and what they did to it. */

import { readRssOctets } from "../../bench/process-figures.ts";
import { makeQuery, writeMessage } from "../../src/dns/message.ts";
import { types } from "../../src/dns/record-types.ts";
import type { TestServer } from "../server.ts";
import { frame, openTcpClient, openUdpClient } from "./client.ts";
import type { Server, UdpClient } from "./client.ts";
import { corpus, Dice, mutate } from "./mutate.ts";
import { parseReply } from "./reply.ts";
import { mustParseName } from "./served-zone.ts";

export interface Bombardment {
  readonly seed: number;
  readonly packetsOverUdp: number;
  readonly packetsOverTcp: number;
  /** How long to wait for an answer that is owed. */
  readonly answerMs?: number;
}

export interface Damage {
  /** What the server wrote to its log meanwhile. */
  readonly logged: string;
  /** Resident memory, after against before. */
  readonly rssGrowthOctets: number;
  /** Replies to bent packets over TCP: the packets got through. */
  readonly repliesOverTcp: number;
}

/** Before memory is measured: the server compiles, and makes room that it keeps. */
const warmUp = { packetsOverUdp: 5_000, packetsOverTcp: 1_000 };
/** So many datagrams between two good queries: the socket's buffer holds them all. */
const datagramsInStep = 50;
/** Few: a connection ends at the first message that is no query. */
const messagesEachConnection = 5;
const connectionsAtOnce = 8;
/** Generous: the machine may be busy. */
const patienceMs = 10_000;
const good = writeMessage(
  makeQuery(mustParseName("host.ddns.test."), types.A, { id: 0x600d, flags: ["rd"] }),
);

/** Throws when a good query in between or at the end is not answered. */
export async function bombard(server: TestServer, orders: Bombardment): Promise<Damage> {
  const dice = new Dice(orders.seed);
  const answerMs = orders.answerMs ?? patienceMs;
  await overUdp(server.dns, dice, answerMs, warmUp.packetsOverUdp);
  await overTcp(server.dns, dice, answerMs, warmUp.packetsOverTcp);
  const logBefore = server.stderr().length;
  const rssBefore = readRssOctets(server.pid);
  await overUdp(server.dns, dice, answerMs, orders.packetsOverUdp);
  const repliesOverTcp = await overTcp(server.dns, dice, answerMs, orders.packetsOverTcp);
  const rssGrowthOctets = readRssOctets(server.pid) - rssBefore;
  using tcp = await openTcpClient(server.dns);
  tcp.write(frame(good));
  if (!isGoodAnswer(await tcp.read(answerMs))) throw new Error("No answer over TCP at the end");
  return { logged: server.stderr().slice(logBefore), rssGrowthOctets, repliesOverTcp };
}

async function overUdp(
  server: Server,
  dice: Dice,
  answerMs: number,
  packets: number,
): Promise<void> {
  using udp = await openUdpClient(server);
  for (let i = 1; i <= packets; i++) {
    udp.send(mutate(dice, corpus));
    if (i % datagramsInStep === 0 || i === packets) await expectGood(udp, answerMs, i);
  }
}

/** Resolves to the number of whole replies. */
async function overTcp(
  server: Server,
  dice: Dice,
  answerMs: number,
  packets: number,
): Promise<number> {
  let left = packets;
  let replies = 0;
  const drive = async (): Promise<void> => {
    while (left > 0) {
      using tcp = await openTcpClient(server);
      for (let on = 0; on < messagesEachConnection && left > 0; on++, left--) {
        const message = mutate(dice, corpus);
        // Now and then the length lies, too.
        tcp.write(dice.roll(10) === 0 ? message : frame(message));
      }
      tcp.shutdown();
      while (typeof (await tcp.read(answerMs)) !== "string") replies++;
    }
  };
  await Promise.all(Array.from({ length: connectionsAtOnce }, drive));
  return replies;
}

async function expectGood(udp: UdpClient, answerMs: number, after: number): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    // Nothing: a full buffer lost it. Something else: a bent packet had the same ID.
    if (isGoodAnswer(await udp.ask(good, answerMs / 3))) return;
  }
  throw new Error(`No answer to a good query after ${after} bent packets`);
}

function isGoodAnswer(reply: Uint8Array | string | undefined): boolean {
  if (!(reply instanceof Uint8Array)) return false;
  const { id, rcode, answer } = parseReply(reply);
  return id === 0x600d && rcode === 0 && answer.length === 1;
}
