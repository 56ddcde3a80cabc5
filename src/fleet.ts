/** A small fleet of sample devices: each sends real updates to a real listener when its address moves. */

import type { Chance } from "./base/chance.ts";

export interface FleetOptions {
  readonly hostname: string;
  readonly port: number;
  readonly hosts: readonly string[];
  readonly credential: { readonly username: string; readonly password: string };
  readonly chance: Chance;
}

/** A device looks at its address this often, and then may send a repeat or a change. */
const stepMs = 2_000;
/** Of 256: how often a look finds a new address, and how often a device repeats itself without need. */
const moves = 64;
const repeats = 48;

export function runFleet(options: FleetOptions): AsyncDisposable {
  const devices = options.hosts.map((host) => ({ host, address: "" }));
  const running = new Set<Promise<void>>();
  const look = (): void => {
    for (const device of devices) {
      const [luck = 0, last = 0] = options.chance.octets(2);
      const isNew = device.address === "" || luck < moves;
      if (!isNew && luck >= moves + repeats) continue;
      // RFC 5737 §3: documentation addresses, which belong to nobody.
      if (isNew) device.address = `198.51.100.${1 + (last % 254)}`;
      const sent = send(device.host, device.address, options).finally(() => running.delete(sent));
      running.add(sent);
    }
  };
  look();
  const timer = setInterval(look, stepMs);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}

/** As a well-behaved device would send it. A failed update is simply sent again at the next move. */
async function send(host: string, address: string, options: FleetOptions): Promise<void> {
  const { username, password } = options.credential;
  const query = new URLSearchParams({ hostname: host, myip: address });
  try {
    const reply = await fetch(`http://${options.hostname}:${options.port}/nic/update?${query}`, {
      headers: {
        Authorization: `Basic ${btoa(`${username}:${password}`)}`,
        "User-Agent": "Nameward - sample device - 1.0",
      },
    });
    await reply.text();
  } catch {
    // The service is closing; so is the fleet.
  }
}
