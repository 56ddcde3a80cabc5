/**
 * The thread that signs: the only one that has private keys, and none that reads what strangers send.
 * It takes requests from the DNS threads and puts signatures where they find them.
 */

import type { KeyObject } from "node:crypto";
import { systemClock } from "../base/clock.ts";
import { openZoneKey } from "../core/zone-key.ts";
import { signOctets } from "../dns/ecdsa.ts";
import { ecdsaP256Sha256 } from "../dns/key-records.ts";
import { Name } from "../dns/name.ts";
import { rrsigLabels, signedData } from "../dns/rrsig.ts";
import { recordHeadOctets } from "../zone/node.ts";
import { SignatureTable } from "./signature-table.ts";
import type { SignedTimes } from "./signature-table.ts";
import type { KeyOrders, SignerOrders, SignerReport } from "./signer-messages.ts";
import { SigningInbox } from "./signing-requests.ts";
import type { SigningRequest } from "./signing-requests.ts";

declare const self: Worker;

const hourSeconds = 3_600;
const daySeconds = 24 * hourSeconds;
/**
 * RFC 6781 §4.4.2: valid for much longer than a host's TTL, and renewed halfway, so that a week without
 * a signer harms nobody. Spread over a day, so that not everything is due at once.
 */
const validSeconds = 14 * daySeconds;
const refreshSeconds = 7 * daySeconds;
const spreadSeconds = daySeconds;
/** Validators whose clocks are behind take the signature all the same. */
const earlySeconds = hourSeconds;

/** Signatures in a row before new keys are looked for. */
const signaturesInARow = 64;
/** Without a bell the thread looks up this often. */
const bellMs = 1_000;

/** By zone and tag. */
const keys = new Map<string, KeyObject>();
/** DNSKEY of every key there has been: RFC 4034 appendix B: a tag is no name, and may come again. */
const dnskeys = new Map<string, string>();
let table: SignatureTable | undefined;

self.addEventListener("message", (event: MessageEvent<SignerOrders>) => {
  const orders = event.data;
  if (orders.kind === "keys") takeKeys(orders);
  else
    void signAll(orders).catch((error: unknown) => report({ kind: "failure", why: String(error) }));
});

function report(message: SignerReport): void {
  self.postMessage(message);
}

function takeKeys({ apex, keys: given, sealKey }: KeyOrders): void {
  for (const id of keys.keys()) if (id.startsWith(`${apex} `)) keys.delete(id);
  const unopened: number[] = [];
  for (const key of given) {
    const secret = openZoneKey(apex, key, sealKey);
    const id = idOf(apex, key.keyTag);
    const dnskey = key.dnskey.toHex();
    if ((dnskeys.get(id) ?? dnskey) !== dnskey) table?.clear();
    dnskeys.set(id, dnskey);
    if (secret === undefined) unopened.push(key.keyTag);
    else keys.set(id, secret);
  }
  report({ kind: "keys", apex, unopened });
}

function idOf(apex: string, keyTag: number): string {
  return `${apex} ${keyTag}`;
}

async function signAll(orders: Extract<SignerOrders, { kind: "start" }>): Promise<void> {
  table = new SignatureTable(orders.signatures);
  const inboxes = orders.requests.map((ring) => new SigningInbox(ring));
  const bell = new Int32Array(orders.bell);
  for (;;) {
    const heard = Atomics.load(bell, 0);
    let signed = 0;
    for (const inbox of inboxes) signed += drain(inbox, table);
    if (signed > 0) {
      await Bun.sleep(0); // word of new keys comes between
      continue;
    }
    const waiting = Atomics.waitAsync(bell, 0, heard, bellMs);
    if (waiting.async) await waiting.value;
  }
}

function drain(inbox: SigningInbox, table: SignatureTable): number {
  let signed = 0;
  for (; signed < signaturesInARow; signed++) {
    const request = inbox.take();
    if (request === undefined) break;
    sign(request, table);
  }
  return signed;
}

function sign(request: SigningRequest, table: SignatureTable): void {
  const { key, ttlSeconds } = request;
  const owner = Name.fromOctets(request.owner);
  const signer = Name.fromOctets(request.owner.slice(-request.apexLength));
  if (owner === undefined || signer === undefined) return;
  const secret = keys.get(idOf(`${signer}`.replace(/\.$/, ""), key.keyTag));
  if (secret === undefined) return; // on its way, or gone: whoever waits asks again
  const times = makeTimes(key.hash);
  const fields = {
    typeCovered: key.type,
    algorithm: ecdsaP256Sha256,
    labels: rrsigLabels(owner),
    originalTtlSeconds: ttlSeconds,
    expiration: times.expiration,
    inception: times.inception,
    keyTag: key.keyTag,
    signer,
  };
  const data = signedData(fields, owner, readRdatas(request.records));
  table.write(key, times, signOctets(secret, data));
}

function makeTimes(hash: number): SignedTimes {
  const nowSeconds = Math.floor(systemClock.now() / 1_000);
  const spread = (hash >>> 0) % spreadSeconds;
  return {
    inception: nowSeconds - earlySeconds,
    expiration: nowSeconds + validSeconds + spread,
    refreshAt: nowSeconds + refreshSeconds + spread,
  };
}

/** RDATA of records as they stand in a message, each behind an owner of two octets. */
function readRdatas(records: Uint8Array): Uint8Array[] {
  const rdatas: Uint8Array[] = [];
  for (let at = 0; at < records.length;) {
    const start = at + recordHeadOctets;
    const length = (records[start - 2]! << 8) | records[start - 1]!;
    rdatas.push(records.subarray(start, start + length));
    at = start + length;
  }
  return rdatas;
}
