/** An update as a camera sends it: dyndns2 over plain HTTP. */

import type { Listener } from "../server.ts";

export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface SentUpdate {
  readonly host: string;
  readonly address: string;
  readonly userAgent?: string;
}

/** The body of the answer. */
export async function sendUpdate(
  { hostname, port }: Listener,
  { host, address, userAgent = "Camera/1.0 simulated" }: SentUpdate,
  { username, password }: Login,
): Promise<string> {
  const query = new URLSearchParams({ hostname: host, myip: address });
  const reply = await fetch(`http://${hostname}:${port}/nic/update?${query.toString()}`, {
    headers: { Authorization: `Basic ${btoa(`${username}:${password}`)}`, "User-Agent": userAgent },
  });
  return reply.text();
}
