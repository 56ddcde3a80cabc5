/** Who may open one more connection: counts of open ones, in total and per address. */

import type { Address } from "./address.ts";

export interface AdmissionLimits {
  readonly connections: number;
  /** From one IPv4 address or one IPv6 /64. */
  readonly connectionsPerAddress: number;
}

export type Admitted = "admitted" | "connections" | "connections-per-address";

/** Holds one entry for each network that has a connection open, so it is bounded by `connections`. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #openByNetwork = new Map<string, number>();
  #open = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** Networks that are remembered: those with an open connection, and no other. */
  get networks(): number {
    return this.#openByNetwork.size;
  }

  /** Counts the connection if it is admitted; then `leave` must follow. */
  enter(network: string): Admitted {
    if (this.#open >= this.#limits.connections) return "connections";
    const open = this.#openByNetwork.get(network) ?? 0;
    if (open >= this.#limits.connectionsPerAddress) return "connections-per-address";
    this.#openByNetwork.set(network, open + 1);
    this.#open++;
    return "admitted";
  }

  leave(network: string): void {
    const open = this.#openByNetwork.get(network) ?? 0;
    if (open <= 1) this.#openByNetwork.delete(network);
    else this.#openByNetwork.set(network, open - 1);
    this.#open--;
  }
}

/** Who is counted as one: an IPv4 address, or an IPv6 /64, which is one customer's network. */
export function printNetwork(address: Address): string {
  if (address.family === 4) return address.text;
  return Buffer.from(address.octets.buffer, address.octets.byteOffset, 8).toString("hex");
}
