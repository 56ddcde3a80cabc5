/**
 * Meibu over UDP 9813 (recorders of TVT): one datagram, `meibudd08USER&&&PASS&&&`, and one word back. The address is
 * the datagram's, the host the login's. A recorder asks again every 4.5 s until it hears a word, and every minute then.
 */

import type { Address } from "../../base/address.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import { makePresented } from "../credential.ts";
import { plainUpdate } from "../talk.ts";
import type { Service } from "../update-service.ts";

/** "Login OK", and "no such user is registered"; the recorder looks for them anywhere in the datagram. */
const done = "dengluok";
const unknown = "nzhuceyonghu";

/** No answer: what is not of this protocol, and a passing condition of ours, which asks itself again. */
export function answerMeibu(
  octets: string,
  service: Service,
  peer: Address,
): string | undefined | Promise<string | undefined> {
  const parts = datagram.exec(octets);
  if (parts === null) return undefined;
  const presented = makePresented(parts[1]!, parts[2]!);
  if (presented.kind !== "credential") return unknown;
  const outcome = service.takeUpdate(
    plainUpdate({ credential: presented.credential, hosts: [], peer, adapter: "meibu" }),
  );
  return outcome instanceof Promise ? outcome.then(printOutcome) : printOutcome(outcome);
}

const datagram = /^meibudd08([^&]{1,128})&&&([^&]{0,128})&&&/;

function printOutcome(outcome: UpdateOutcome): string | undefined {
  if (outcome.kind === "try-later") return undefined;
  if (outcome.kind !== "hosts") return unknown;
  const isDone = outcome.hosts.every(({ kind }) => kind === "changed" || kind === "unchanged");
  return isDone ? done : unknown;
}
