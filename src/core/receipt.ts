/** Receipts: what was asked, by whom, what was decided and why. */

import type { HostId } from "./host.ts";

export interface Receipt {
  readonly atMs: number;
  /** The host as it was found; undefined when no such host is known. */
  readonly host: HostId | undefined;
  /** The host name as the client sent it, at most 255 characters. */
  readonly asked: string;
  /** User name of the device login, undefined when none was sent. Never a password. */
  readonly username: string | undefined;
  /** Address of the caller. */
  readonly peer: string;
  /** Id of the adapter rule that matched. */
  readonly adapter: string;
  /** At most 255 characters. */
  readonly userAgent: string;
  /** The outcome's kind: `changed`, `unchanged`, `unknown-host` … */
  readonly outcome: string;
  /** Addresses after the request, comma-separated. */
  readonly addresses: string;
  /** One sentence for a person, where there is more to say. */
  readonly note: string;
}
