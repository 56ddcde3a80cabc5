/** Where a request came from: the socket's peer, or whom a proxy of the operator speaks for. */

import { isWithin, parseAddress } from "../base/address.ts";
import type { Address, Cidr } from "../base/address.ts";

/**
 * `X-Forwarded-For` is read from the right, since each proxy appends whom it has seen: what stands
 * left of the first hop that is not ours was written by a stranger. Anything that does not parse is
 * no evidence, and then it was the socket's peer.
 */
export function decidePeer(
  socketPeer: Address,
  forwardedFor: string | undefined,
  trusted: readonly Cidr[],
): Address {
  if (forwardedFor === undefined || !isTrusted(socketPeer, trusted)) return socketPeer;
  let peer = socketPeer;
  const hops = forwardedFor.split(",");
  for (let i = hops.length - 1; i >= 0; i--) {
    const hop = parseAddress(hops[i]!.trim());
    if (hop === undefined) return socketPeer;
    peer = hop;
    if (!isTrusted(hop, trusted)) return peer;
  }
  return peer;
}

function isTrusted(address: Address, trusted: readonly Cidr[]): boolean {
  for (const cidr of trusted) if (isWithin(address, cidr)) return true;
  return false;
}

/** As sockets name their peer: a zone index (`%eth0`) says on which link, not who. */
export function parseSocketAddress(text: string): Address | undefined {
  const zone = text.indexOf("%");
  return parseAddress(zone === -1 ? text : text.slice(0, zone));
}
