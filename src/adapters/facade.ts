/** What a dialect with operations of its own is given. */

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
}

export type AnswerFacade = (
  request: FacadeRequest,
  service: Service,
) => DeviceReply | Promise<DeviceReply>;
