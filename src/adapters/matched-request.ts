/** From a request to what rules look at. */

import type { DeviceRequest } from "./device-request.ts";
import { parseParameters } from "./parameters.ts";
import type { MatchedRequest } from "./rule-book.ts";
import { parseTarget } from "./target.ts";
import type { Target } from "./target.ts";

export interface Matchable {
  readonly target: Target;
  /** Host and port the client asked for, as it wrote them; empty when it named none. */
  readonly authority: string;
  readonly asked: MatchedRequest;
}

/** `undefined`: it has more parameters than are read. */
export function makeMatchable(request: DeviceRequest): Matchable | undefined {
  const target = parseTarget(request.target, request.version === "HTTP/0.9");
  const { headers, method, peer, port } = request;
  const parameters = parseParameters(target.query, headers.get("content-type"), request.body);
  if (parameters === undefined) return undefined;
  const authority = headers.get("host") ?? target.authority ?? "";
  const host = printHost(authority);
  const { path, writtenPath } = target;
  return {
    target,
    authority,
    asked: { method, path, writtenPath, host, headers, parameters, peer, port },
  };
}

/** Without its port; an IPv6 literal keeps its brackets. */
function printHost(authority: string): string {
  return authority.toLowerCase().replace(/:\d*$/, "");
}
