/** Tells the owner of an account of what is new to act for it: device logins, API tokens, and sign-ins from a new place. */

import { parseAddress } from "./base/address.ts";
import type { Directory } from "./core/directory.ts";
import type { AuditEntry } from "./core/audit-entry.ts";
import type { UserId } from "./core/user.ts";
import type { Happening } from "./notify/notifier.ts";

export interface NewLoginParts {
  readonly directory: Pick<Directory, "findLogin">;
  /** Newest first. */
  listSignIns(user: {
    readonly user: UserId;
    readonly name: string;
  }): Promise<readonly AuditEntry[]>;
  notify(happening: Happening): Promise<unknown>;
}

/** Looks at what was put in the audit log: whoever makes a login writes it there. */
export async function tellOfNewLogin(entry: AuditEntry, parts: NewLoginParts): Promise<void> {
  const { action, result, target, user, actor, peer } = entry;
  if (result !== "ok") return;
  const by = peer === "" ? actor : `${actor} from ${peer}`;
  const tell = async (owner: UserId | undefined, detail: string): Promise<void> => {
    if (owner !== undefined) await parts.notify({ kind: "new-login", user: owner, detail });
  };
  switch (action) {
    case "login.add": {
      const owner = parts.directory.findLogin(target)?.user;
      return tell(owner, `The device login ${target} was made by ${by}.`);
    }
    case "token.add":
      return tell(user, `An API token that ${entry.detail} was made by ${by}.`);
    case "session.begin":
      if (!(await isFromNewPlace(entry, parts))) return;
      return tell(
        user,
        `${actor} signed in from ${peer}, where nobody did before with this account.`,
      );
  }
}

/** The first sign-in of an account is the one it was made with. */
async function isFromNewPlace(
  { id, user, actor, peer }: AuditEntry,
  { listSignIns }: NewLoginParts,
): Promise<boolean> {
  if (user === undefined) return false;
  const all = await listSignIns({ user, name: actor });
  const before = all.filter(
    (entry) => entry.id < id && entry.user === user && entry.result === "ok",
  );
  const place = placeOf(peer);
  return before.length > 0 && !before.some((entry) => placeOf(entry.peer) === place);
}

/** A network as one site has it, /24 or /48: an address of a phone changes every day. */
function placeOf(peer: string): string {
  const address = parseAddress(peer);
  if (address === undefined) return peer;
  return Buffer.from(address.octets.slice(0, address.family === 4 ? 3 : 6)).toString("hex");
}
