/** What a dialect with operations of its own is given. */

import type { Chance } from "../base/chance.ts";
import type { Clock } from "../base/clock.ts";
import type { RegistrationOrigin } from "../core/registration.ts";
import type { DeviceReply, DeviceRequest } from "./device-request.ts";
import type { Parameter } from "./parameters.ts";
import type { Target } from "./target.ts";
import type { Service } from "./update-service.ts";

export interface FacadeRequest {
  /** Of the rule. */
  readonly adapter: string;
  readonly request: DeviceRequest;
  readonly target: Target;
  /** Those of the path included, see `Match.paths`. */
  readonly parameters: readonly Parameter[];
  /** Host and port the client asked for, as it wrote them; empty when it named none. */
  readonly authority: string;
  /** At most 255 characters. */
  readonly userAgent: string;
  readonly surroundings: FacadeSurroundings;
}

/** What a facade needs of the world beside the service. */
export interface FacadeSurroundings {
  readonly clock: Clock;
  readonly chance: Chance;
  /** Signs what a client must bring back unaltered. Of this process: after a restart nothing older counts. */
  readonly signingKey: Uint8Array;
}

export const signingKeyOctets = 32;

/** For receipts: who asked, by which rule. */
export function originOf({ request, adapter, userAgent }: FacadeRequest): RegistrationOrigin {
  return { peer: request.peer, adapter, userAgent };
}

export type AnswerFacade = (
  request: FacadeRequest,
  service: Service,
) => DeviceReply | Promise<DeviceReply>;
