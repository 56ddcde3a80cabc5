/** One request over a TCP socket, as a device makes it: octets out, octets in until the server closes. */

import type { Listener } from "../server.ts";

export interface HttpReply {
  readonly status: number;
  /** Lines of the head without the status line, as they came. */
  readonly headers: readonly string[];
  /** One character an octet. */
  readonly body: string;
}

/** Longer than every deadline of the listener that a scenario can meet. */
const exchangeMs = 30_000;

/**
 * Sends the octets and gives back everything that came until the server closed. With `isDone` our FIN follows them:
 * then no answer is held.
 */
export async function exchangeOctets(
  listener: Listener,
  octets: string,
  isDone = false,
): Promise<string> {
  const received: Buffer[] = [];
  const ended = Promise.withResolvers<undefined>();
  const socket = await Bun.connect({
    hostname: listener.hostname,
    port: listener.port,
    allowHalfOpen: isDone,
    socket: {
      data: (_, chunk) => {
        received.push(Buffer.from(chunk));
      },
      end: () => ended.resolve(undefined),
      close: () => ended.resolve(undefined),
      error: (_, error) => ended.reject(error),
    },
  });
  const deadline = setTimeout(() => {
    ended.reject(new Error(`The server did not close the connection in ${exchangeMs} ms`));
  }, exchangeMs);
  try {
    socket.write(Buffer.from(octets, "latin1"));
    if (isDone) socket.shutdown();
    await ended.promise;
  } finally {
    clearTimeout(deadline);
    socket.end();
  }
  return Buffer.concat(received).toString("latin1");
}

/** `undefined` when these octets are not one whole reply. */
export function parseReply(octets: string): HttpReply | undefined {
  const found = /^HTTP\/1\.1 (\d{3}) [A-Za-z ]+\r\n((?:[^\r\n]+\r\n)*)\r\n/.exec(octets);
  if (found === null) return undefined;
  const headers = (found[2] ?? "").split("\r\n").filter((line) => line !== "");
  return { status: Number(found[1]), headers, body: octets.slice(found[0].length) };
}

/** A device stops reading here: buffers of 1,000 octets are in the field. */
const replyOctetsMax = 1_000;

/** What every reply to a device keeps to, whatever was asked. */
export function findReplyFaults(octets: string, isHead: boolean): readonly string[] {
  const reply = parseReply(octets);
  if (reply === undefined) return [`not one whole reply: ${JSON.stringify(octets)}`];
  const faults: string[] = [];
  const header = (name: string): string | undefined =>
    reply.headers.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  const bodyOctets = isHead ? header("Content-Length") : String(reply.body.length);
  if (header("Content-Length") === undefined || header("Content-Length") !== bodyOctets) {
    faults.push(`Content-Length ${header("Content-Length")} for ${reply.body.length} octets`);
  }
  if (isHead && reply.body !== "") faults.push("a body in the reply to HEAD");
  if (header("Connection") !== "close") faults.push("no Connection: close");
  if (reply.headers.some((line) => /\d+\.\d+\.\d+\.\d+/.test(line))) {
    faults.push("a header that looks like an address: ddclient 3.10 would take it");
  }
  if (reply.headers.some((line) => line.startsWith("w"))) {
    faults.push('a header that begins with "w": ez-ipupdate would wait');
  }
  const isList = header("Content-Type")?.startsWith("text/xml") === true;
  if (octets.length > replyOctetsMax && !isList) faults.push(`${octets.length} octets in all`);
  const code = reply.status === 401 ? header("WWW-Authenticate") : "Basic";
  if (code?.startsWith("Basic") !== true) faults.push("401 without a challenge");
  return faults;
}
