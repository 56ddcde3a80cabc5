/** What a page needs to know before anybody has signed in. */

import type { Handlers } from "../handler.ts";

export interface GreetingParts {
  readonly version: string;
  /** There is an account. */
  isSetUp(): boolean;
}

export function greetingHandlers(parts: GreetingParts): Handlers<"greet"> {
  return {
    greet: () => ({
      state: parts.isSetUp() ? "ready" : "setup",
      signUp: "closed",
      canReset: false,
      account: null,
      csrf: null,
      brand: { name: "Nameward", hasLogo: false, colours: {} },
      version: parts.version,
    }),
  };
}
