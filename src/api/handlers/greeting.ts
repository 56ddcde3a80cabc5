/** What a page needs to know before anybody has signed in. */

import type { Brand } from "../brand.ts";
import type { Handlers } from "../handler.ts";

export interface GreetingParts {
  readonly version: string;
  readonly brand: Brand;
  /** There is an account. */
  isSetUp(): boolean;
}

export function greetingHandlers(parts: GreetingParts): Handlers<"greet"> {
  return {
    greet: () => ({
      state: parts.isSetUp() ? "ready" : "setup",
      signUp: parts.brand.settings.value("signUp"),
      canReset: false,
      account: null,
      csrf: null,
      brand: parts.brand.greeting(),
      version: parts.version,
    }),
  };
}
