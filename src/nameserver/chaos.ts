/**
 * Questions about the server itself, in class CH: `id.server.` (RFC 4892 §2) and `hostname.bind.`,
 * `version.server.` and `version.bind.`, as operators know them from BIND. What is not configured is
 * refused, so that a scan learns nothing by default. `whoami.nameward.` tells who asks which address it
 * asks from: it is in no zone, so it collides with no name of a user and needs no signature, and resolvers
 * do not pass class CH on, so that nobody is told the address of a resolver for his own.
 */

import { rcodes } from "../dns/message.ts";
import { parseName } from "../dns/name.ts";
import { types } from "../dns/record-types.ts";
import { classes } from "../dns/resource-record.ts";
import { recordHeadOctets } from "../zone/node.ts";
import type { FoldedName } from "../zone/folded-name.ts";
import { addressTextMax, putAddressText } from "./address-text.ts";
import type { Peer } from "./peer.ts";
import { putU16, questionAt } from "./reply.ts";
import type { Reply } from "./reply.ts";

/** What the server says of itself, in at most 64 characters of ASCII each; empty: nothing. */
export interface ServerNames {
  /** Which of several servers this is: NSID (RFC 5001), `id.server` and `hostname.bind`. */
  readonly id: string;
  readonly version: string;
}

const whoami = parseName("whoami.nameward.")!.octets;

export class Chaos {
  readonly #answers: readonly { readonly name: Uint8Array; readonly text: Uint8Array }[];

  constructor({ id, version }: ServerNames) {
    const rows = [
      ["id.server.", id],
      ["hostname.bind.", id],
      ["version.server.", version],
      ["version.bind.", version],
    ] as const;
    this.#answers = rows
      .filter(([, text]) => text !== "")
      .map(([name, text]) => ({
        name: parseName(name)!.octets,
        text: Buffer.from(text, "latin1"),
      }));
  }

  /** Puts the answer into the reply. Returns the RCODE. */
  answer(type: number, name: FoldedName, peer: Peer, reply: Reply): number {
    const isWhoami = isNamed(whoami, name);
    const found = isWhoami ? undefined : this.#answers.find((row) => isNamed(row.name, name));
    if (found === undefined && !isWhoami) return rcodes.REFUSED;
    reply.isAuthoritative = true;
    if (type !== types.TXT && type !== types.ANY) return rcodes.NOERROR;
    const octetsMax = found?.text.length ?? addressTextMax;
    if (!reply.hasRoom(recordHeadOctets + 1 + octetsMax)) return rcodes.NOERROR;
    const head = reply.length;
    reply.putRecordHead(questionAt, types.TXT, 0, 0);
    putU16(reply.octets, head + 4, classes.CH);
    const start = reply.length + 1;
    let end = start;
    if (found === undefined) {
      end = putAddressText(reply.octets, start, peer.octets, peer.length);
    } else {
      reply.octets.set(found.text, start);
      end += found.text.length;
    }
    reply.octets[start - 1] = end - start;
    putU16(reply.octets, head + 10, 1 + end - start);
    reply.length = end;
    reply.answers++;
    return rcodes.NOERROR;
  }
}

function isNamed(wanted: Uint8Array, name: FoldedName): boolean {
  if (wanted.length !== name.length) return false;
  for (let i = 0; i < wanted.length; i++) if (wanted[i] !== name.octets[i]) return false;
  return true;
}
