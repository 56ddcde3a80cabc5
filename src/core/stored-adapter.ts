/** Rules of the operator, as they are kept. What a rule says is text here: only adapters read it. */

export type AdapterId = number;

/** `shadow`: on trial, matched and noted, not acted on. */
export type AdapterState = "shadow" | "enabled" | "disabled";

export interface StoredAdapter {
  readonly id: AdapterId;
  /** The id of the rule. */
  readonly name: string;
  /** As JSON. */
  readonly rule: string;
  /** Recorded requests that it matches: a list of texts, as JSON. */
  readonly requests: string;
  readonly state: AdapterState;
  readonly changedAtMs: number;
}

/** Requests of one shape that no rule matched. */
export interface UnmatchedShape {
  readonly id: number;
  readonly shape: string;
  /** One of them, secrets masked, as JSON. */
  readonly sample: string;
  readonly requests: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** What was seen of a shape since it was written down last. */
export type SeenShape = Pick<UnmatchedShape, "shape" | "sample" | "requests" | "lastAtMs">;
