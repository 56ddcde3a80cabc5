/** Asks facades through the real rules, without a socket. */

import { makeAdapter } from "../src/adapters/answer.ts";
import type { AdapterWorld } from "../src/adapters/answer.ts";
import { facadeRules } from "../src/adapters/rules/facades.ts";
import type { HostListing, ListedHost, Service } from "../src/adapters/update-service.ts";
import { parseAddress } from "../src/base/address.ts";
import { printReply } from "../src/devices/print-reply.ts";

export interface Asked {
  /** `POST /present`. */
  readonly line: string;
  /** `X-Api-User: cam`. */
  readonly headers?: readonly string[];
  readonly body?: string;
}

export const peer = parseAddress("198.51.100.9")!;

/** Gives status and body, as `200 {"txt":"…"}`. */
export function makeAsker(
  service: Service,
  world?: AdapterWorld,
): (asked: Asked) => Promise<string> {
  const adapter = makeAdapter(service, facadeRules, undefined, world);
  return async ({ line, headers = [], body = "" }) => {
    const [method, target] = line.split(" ");
    const reply = await adapter({
      method: method!,
      target: target!,
      version: "HTTP/1.1",
      headers: new Map(headers.map(readHeader)),
      body,
      peer,
      isTls: false,
      port: 8245,
    });
    printReply(reply, method!); // which asserts what every reply must be
    return `${reply.status} ${reply.body}`;
  };
}

function readHeader(line: string): [string, string] {
  const colon = line.indexOf(": ");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
}

/** What a login that may update these hosts is shown. */
export function listed(...hosts: readonly Partial<ListedHost>[]): HostListing {
  const host = { zone: "example.test", addresses: [], challenges: [], changedAtMs: undefined };
  return {
    kind: "hosts",
    hosts: hosts.map((given, at) => ({
      id: at + 1,
      name: `cam${at + 1}.example.test`,
      ...host,
      ...given,
    })),
  };
}
