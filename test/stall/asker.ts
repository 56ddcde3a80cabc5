/**
 * Asks a name server at a steady rate, in a process of its own, so that nothing else disturbs it. Takes
 * `AskOrder` as its argument, stops at the end of standard input, prints an `AskReport`.
 */

import { makeQuery, writeMessage } from "../../src/dns/message.ts";
import { types } from "../../src/dns/record-types.ts";
import { parseReply } from "../dns/reply.ts";
import { mustParseName } from "../dns/served-zone.ts";
import { hostText } from "../ledger/fill-hosts.ts";
import { makeValue } from "../ledger/ledger.ts";
import type { AskOrder, AskReport } from "./ask-steadily.ts";

const order = JSON.parse(process.argv[2] ?? "") as AskOrder;
const tickMs = 4;
/** An ID comes again after this many queries, which must be long after its answer. */
const ids = 65_536;

const questions = Array.from({ length: order.hosts }, (_, i) => {
  const host = order.firstHost + i;
  const name = mustParseName(`${hostText(host)}.`);
  return {
    query: writeMessage(makeQuery(name, types.AAAA, { id: 0, edns: {} })),
    value: Buffer.from(makeValue(host, order.change)),
  };
});

/** By ID: when it was asked; 0 where nothing is under way. */
const askedAtMs = new Float64Array(ids);
const latenciesMs: number[] = [];
let asked = 0;
let wrong = 0;

const socket = await Bun.udpSocket({
  connect: order.dns,
  socket: {
    data(_, datagram) {
      const nowMs = performance.now();
      const id = datagram.length < 2 ? 0 : datagram.readUInt16BE(0);
      const sinceMs = askedAtMs[id]!;
      if (sinceMs === 0) return void wrong++; // asked for by nobody
      askedAtMs[id] = 0;
      if (isRight(datagram, questions[id % questions.length]!.value)) {
        latenciesMs.push(nowMs - sinceMs);
      } else {
        wrong++;
      }
    },
    error: () => undefined, // what is not answered is counted
  },
});

function isRight(datagram: Uint8Array, value: Buffer): boolean {
  try {
    const { rcode, answer } = parseReply(datagram);
    return rcode === 0 && answer.length === 1 && answer[0]!.rdata.equals(value);
  } catch {
    return false;
  }
}

function ask(): void {
  const id = asked % ids;
  const { query } = questions[id % questions.length]!;
  query[0] = id >> 8;
  query[1] = id;
  askedAtMs[id] = performance.now();
  socket.send(query);
  asked++;
}

const startMs = performance.now();
let dueBefore = 0;
const timer = setInterval(() => {
  // What a late tick missed is left out, and not sent in one burst that would fill a buffer.
  const due = Math.floor(((performance.now() - startMs) * order.perSecond) / 1_000);
  const most = Math.ceil((order.perSecond * tickMs * 4) / 1_000);
  for (let left = Math.min(due - dueBefore, most); left > 0; left--) ask();
  dueBefore = due;
}, tickMs);
process.stdout.write("asking\n");

await new Response(Bun.stdin.stream()).text();
clearInterval(timer);
const endMs = performance.now() + order.patienceMs;
while (performance.now() < endMs && latenciesMs.length + wrong < asked) await Bun.sleep(20);
socket.close();

const sorted = Float64Array.from(latenciesMs).sort();
const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
const report: AskReport = {
  asked,
  answered: sorted.length,
  wrong,
  unanswered: asked - sorted.length - wrong,
  p50Ms: at(0.5),
  p99Ms: at(0.99),
  longestMs: sorted.at(-1) ?? Number.NaN,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
