/** What accounts need of mail; without it there are links that a person hands to another, and no reset. */

export type AccountMailKind = "invitation" | "confirmMail" | "alreadyThere" | "reset";

export interface AccountMails {
  /** Resolves when it is on its way or was given up; whoever asked learns nothing of the address. */
  send(kind: AccountMailKind, to: string, values: Readonly<Record<string, string>>): Promise<void>;
}
