/** What the API says no with: thrown by whoever finds the reason, made into a problem (RFC 9457) in one place. */

export interface RefusalOptions {
  /** For the person: what to do. */
  readonly hint?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly retryAfterSeconds?: number;
  readonly headers?: readonly (readonly [string, string])[];
}

/** `code` is a stable word for programs; `title` a sentence for people. Never holds a secret or what another owns. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly code: string;
  readonly options: RefusalOptions;

  constructor(status: number, code: string, title: string, options: RefusalOptions = {}) {
    super(title);
    this.status = status;
    this.code = code;
    this.options = options;
  }
}

/** The same octets for what is not there and what is not the caller's (T39). */
export function notFound(): Refusal {
  return new Refusal(404, "not-found", "There is no such thing here.");
}

export function invalid(pointer: string, detail: string, hint?: string): Refusal {
  return new Refusal(422, "invalid", "Something in the request is not as it must be.", {
    errors: [{ pointer, detail }],
    ...(hint === undefined ? {} : { hint }),
  });
}
