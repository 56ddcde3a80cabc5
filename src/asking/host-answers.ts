/** What a name server or resolver answers for a host now, and how long it will go on saying so. */

import { addressFromOctets } from "../base/address.ts";
import { rcodes } from "../dns/message.ts";
import type { Message } from "../dns/message.ts";
import type { Name } from "../dns/name.ts";
import { rcodeName } from "../dns/rcode-name.ts";
import { types } from "../dns/record-types.ts";
import { askDns } from "./ask-dns.ts";
import type { Asked, DnsServer } from "./ask-dns.ts";

export interface HostAnswer {
  readonly v4: string | undefined;
  readonly v6: string | undefined;
  /** What is left of the TTL; of a cache, the longest until both are asked for anew. */
  readonly ttlSeconds: number | undefined;
  /** Why there is no answer. */
  readonly fault: string | undefined;
}

/** A page waits for it. */
const patience = { waitMs: 1_500, triesMax: 2 } as const;

export async function askHost(server: DnsServer, owner: Name): Promise<HostAnswer> {
  const asked = await Promise.all(
    [types.A, types.AAAA].map((type) =>
      askDns(server, { name: owner, type, flags: ["rd"] }, patience),
    ),
  );
  const fault = asked.map(findFault).find((one) => one !== undefined);
  const [a, aaaa] = asked.map((one) => (one.kind === "reply" ? one.message : undefined));
  const ttls = [readTtl(a, types.A), readTtl(aaaa, types.AAAA)].filter((ttl) => ttl !== undefined);
  return {
    v4: readAddress(a, types.A),
    v6: readAddress(aaaa, types.AAAA),
    ttlSeconds: ttls.length === 0 ? undefined : Math.max(...ttls),
    fault,
  };
}

function findFault(asked: Asked): string | undefined {
  switch (asked.kind) {
    case "silence":
      return "No answer came.";
    case "refused":
      return "Nothing listens there.";
    case "unreachable":
      return "No way leads there from this machine.";
    case "reply": {
      const { rcode } = asked.message;
      if (rcode === rcodes.NXDOMAIN) return "It does not find the name.";
      return rcode === rcodes.NOERROR ? undefined : `It answers ${rcodeName(rcode)}.`;
    }
  }
}

function readAddress(reply: Message | undefined, type: number): string | undefined {
  const record = reply?.answers.find((one) => one.type === type);
  return record && addressFromOctets(record.rdata.slice()).text;
}

/** That there is none is kept as long as the SOA that came with it says (RFC 2308 §5). */
function readTtl(reply: Message | undefined, type: number): number | undefined {
  const record =
    reply?.answers.find((one) => one.type === type) ??
    reply?.authority.find((one) => one.type === types.SOA);
  return record?.ttlSeconds;
}
