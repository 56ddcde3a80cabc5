/**
 * Questions about the server itself, in class CH: `id.server.` (RFC 4892 §2) and `hostname.bind.`,
 * `version.server.` and `version.bind.`, as operators know them from BIND. What is not configured is
 * refused, so that a scan learns nothing by default.
 */

import { rcodes } from "../dns/message.ts";
import { parseName } from "../dns/name.ts";
import { types } from "../dns/record-types.ts";
import { classes } from "../dns/resource-record.ts";
import { recordHeadOctets } from "../zone/node.ts";
import type { FoldedName } from "../zone/folded-name.ts";
import { putU16, questionAt } from "./reply.ts";
import type { Reply } from "./reply.ts";

/** What the server says of itself, in at most 64 characters of ASCII each; empty: nothing. */
export interface ServerNames {
  /** Which of several servers this is: NSID (RFC 5001), `id.server` and `hostname.bind`. */
  readonly id: string;
  readonly version: string;
}

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
  answer(type: number, name: FoldedName, reply: Reply): number {
    const found = this.#answers.find((row) => isNamed(row.name, name));
    if (found === undefined) return rcodes.REFUSED;
    reply.isAuthoritative = true;
    if (type !== types.TXT && type !== types.ANY) return rcodes.NOERROR;
    const { text } = found;
    if (!reply.hasRoom(recordHeadOctets + 1 + text.length)) return rcodes.NOERROR;
    const head = reply.length;
    reply.putRecordHead(questionAt, types.TXT, 0, 1 + text.length);
    putU16(reply.octets, head + 4, classes.CH);
    reply.octets[reply.length] = text.length;
    reply.octets.set(text, reply.length + 1);
    reply.length += 1 + text.length;
    reply.answers++;
    return rcodes.NOERROR;
  }
}

function isNamed(wanted: Uint8Array, name: FoldedName): boolean {
  if (wanted.length !== name.length) return false;
  for (let i = 0; i < wanted.length; i++) if (wanted[i] !== name.octets[i]) return false;
  return true;
}
