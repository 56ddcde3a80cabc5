/** People with an account. */

export type UserId = number;

export interface User {
  readonly id: UserId;
  /** Lower case. Never contains `@`, so that it cannot be taken for a mail address. */
  readonly name: string;
  readonly isAdmin: boolean;
  /** Signs in no more, and what the person's devices send is refused as for a host that is held; names stay as they are. */
  readonly isSuspended?: true;
}

/** 1 to 64 letters, digits, `-`, `_` and `.`, beginning with a letter or digit. */
export function parseUserName(text: string): string | undefined {
  const name = text.trim().toLowerCase();
  return /^[a-z0-9][a-z0-9._-]{0,63}$/.test(name) ? name : undefined;
}
