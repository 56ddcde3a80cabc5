/** A name server over a table, with everything that it needs and what a test wants otherwise. */

import { systemChance } from "../../src/base/chance.ts";
import { systemClock } from "../../src/base/clock.ts";
import { sealKeyOctets } from "../../src/core/seal.ts";
import { makeZoneKey } from "../../src/core/zone-key.ts";
import type { ZoneKey } from "../../src/core/zone-key.ts";
import { signingOf } from "../../src/core/zone-signing.ts";
import { CookieSecrets } from "../../src/nameserver/cookies.ts";
import { listenDns } from "../../src/nameserver/listen-dns.ts";
import type { NameServer, NameServerOptions } from "../../src/nameserver/listen-dns.ts";
import { makeKeySet } from "../../src/nameserver/publish.ts";
import { Signer } from "../../src/nameserver/signer.ts";
import { tcpLimits } from "../../src/nameserver/tcp-limits.ts";
import type { MakeWorker } from "../../src/nameserver/thread-keeper.ts";
import type { DnsAddress } from "../../src/nameserver/thread-messages.ts";
import type { Log } from "../../src/observe/log.ts";
import type { ZoneTable } from "../../src/zone/zone-table.ts";
import { quietLog } from "../quiet-log.ts";
import { mustParseName } from "./served-zone.ts";

export interface Wanted extends Partial<NameServerOptions> {
  readonly log?: Log;
  readonly makeWorker?: MakeWorker;
  /** In the place of the thread that signs. */
  readonly makeSigner?: () => Worker;
}

export interface TestNameServer extends NameServer {
  /** Makes a key for the zone and signs it from now on. Returns the DNSKEY's RDATA. */
  sign(apex: string): Uint8Array;
}

const signatureOctetsMax = 4 * 1024 * 1024;
const sealKey = systemChance.octets(sealKeyOctets);

/** A signer for so many readers, which opens what `signZone` has sealed. */
export function openSigner(
  readers: number,
  log: Log = quietLog,
  makeWorker?: () => Worker,
): Signer {
  return new Signer({
    readers,
    signatureOctetsMax,
    openSealKey: () => Promise.resolve(sealKey),
    chance: systemChance,
    log,
    makeWorker,
  });
}

/** Makes a key for the zone, and signs it from now on. Returns the DNSKEY's RDATA. */
export function signZone(zones: ZoneTable, signer: Signer, apex: string): Uint8Array {
  const made = makeZoneKey(apex, [], sealKey, systemChance);
  const state = "active" as const;
  const key: ZoneKey = { ...made, id: 1, zone: 1, state, stateSinceMs: 0, waitsUntilMs: 0 };
  const name = mustParseName(`${apex}.`);
  const signing = signingOf(name, [key])!;
  signer.setKeys(apex, [key]);
  zones.setSigning(name, { ...signing, keySet: makeKeySet(signing) });
  return key.dnskey;
}

/** Any free port of 127.0.0.1, unless told otherwise; without a rate limit. */
export async function openNameServer(
  zones: ZoneTable,
  wanted: Wanted = {},
): Promise<TestNameServer> {
  const { log = quietLog, makeWorker, makeSigner, ...options } = wanted;
  const threads = options.threads ?? 1;
  const signer = openSigner(threads + 1, log, makeSigner);
  const secrets = new CookieSecrets(systemChance.octets(32), systemClock);
  const listen: readonly DnsAddress[] = [{ hostname: "127.0.0.1", port: 0 }];
  try {
    const server = await listenDns(
      {
        listen,
        threads,
        udp: "batched",
        names: { id: "", version: "" },
        limit: { perSecond: 0, slip: 1, exempt: [] },
        tcpLimits,
        ...options,
      },
      { zones, signer, cookieSecrets: secrets.buffer, log, ...(makeWorker && { makeWorker }) },
    );
    return {
      ...server,
      aliveThreads: () => server.aliveThreads(),
      sign: (apex) => signZone(zones, signer, apex),
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        await signer[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await signer[Symbol.asyncDispose]();
    throw error;
  }
}
