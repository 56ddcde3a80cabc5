/** Dialects that are no HTTP: a talk of lines over TCP, or one datagram and its answer. */

import type { UpdateRequest } from "../core/update.ts";

/** One connection. Texts hold one character an octet. */
export interface Talk {
  /** What is said when it begins, line end included; empty: the client speaks first. */
  readonly greeting: string;
  /** What to say to a line (without its end), line end included. */
  hear(line: string): Said | Promise<Said>;
  /** The client is gone, or its time is over. */
  end?(): void;
}

export interface Said {
  readonly text: string;
  /** The connection is closed behind it. */
  readonly isLast: boolean;
}

/** Everything an update may carry that these dialects do not have is left out. */
export function plainUpdate(
  given: Pick<UpdateRequest, "credential" | "hosts" | "peer" | "adapter"> &
    Partial<Pick<UpdateRequest, "addresses" | "offline" | "naming" | "challenge" | "userAgent">>,
): UpdateRequest {
  return {
    naming: "full",
    addresses: [],
    ownAddresses: [],
    prefix: undefined,
    offline: false,
    challenge: undefined,
    isAllOrNothing: false,
    userAgent: "",
    ...given,
  };
}
