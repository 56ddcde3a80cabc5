/** What was asked, as far as a dialect may look at it to find its words. */

import type { Address } from "../base/address.ts";
import type { Parameter } from "./parameters.ts";

export interface Question {
  /** Of the rule. */
  readonly adapter: string;
  /** As sent; see `UpdateRequest.hosts`. */
  readonly hosts: readonly string[];
  /** The text of a challenge that was to be set. */
  readonly challenge: string | undefined;
  readonly parameters: readonly Parameter[];
  readonly peer: Address;
  /** Host and port the client asked for, as it wrote them; empty when it named none. */
  readonly authority: string;
  readonly isTls: boolean;
}
