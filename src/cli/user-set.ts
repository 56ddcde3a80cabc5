/** `nameward user set` */

import { argon2id } from "../core/accounts/password-hasher.ts";
import { findFault } from "../core/accounts/password-policy.ts";
import { parseUserName } from "../core/user.ts";
import { command, refused } from "./command.ts";
import { readPassword } from "./read-password.ts";

export const userSet = command({
  words: "user set",
  changes: true,
  summary: "Change an account: for who is locked out, and for who is to be.",
  arguments: ["NAME"],
  flags: {
    passwordStdin: { doc: "Read a new password from standard input. All sessions end." },
    noSecondFactor: { doc: "Take app, passkeys and recovery codes away. All sessions end." },
    role: { doc: "What the account may do: user or admin.", value: "ROLE" },
    state: {
      doc: "active, or suspended: no sign-in, and devices are answered as for held hosts.",
      value: "STATE",
    },
  },
  notes: ["A running service knows at once."],
  example: "nameward user set alice --no-second-factor",
  async run({ arguments: [text = ""], flags, io, openStore }) {
    const { role, state, passwordStdin, noSecondFactor } = flags;
    const isKnown =
      (role === undefined || ["user", "admin"].includes(role)) &&
      (state === undefined || ["active", "suspended"].includes(state));
    const isAnything = passwordStdin || noSecondFactor || role !== undefined || state !== undefined;
    if (!isKnown || !isAnything) {
      const why = isKnown ? "Nothing is said to change." : "--role or --state is not understood.";
      const fix =
        "--password-stdin, --no-second-factor, --role user|admin, --state active|suspended";
      return { kind: "wrong-use", why, fix };
    }
    const password = passwordStdin ? await readPassword(io) : undefined;
    await using store = await openStore();
    const { accounts } = store;
    const account = await accounts.findAccount({ name: parseUserName(text) ?? "" });
    if (account === undefined) {
      return refused(`There is no user ${JSON.stringify(text)}.`, "nameward user list");
    }
    const { id, name } = account;
    if (password !== undefined) {
      const fault = findFault(password, [name, account.mail ?? "", "nameward"]);
      if (fault !== undefined) return refused(`The password cannot be taken. ${fault}`);
      await accounts.setPassword(id, await Bun.password.hash(password, argon2id));
    }
    if (noSecondFactor) await accounts.removeSecondFactors(id);
    if (role !== undefined || state !== undefined) {
      const isAdmin = role === undefined ? undefined : role === "admin";
      const isSuspended = state === undefined ? undefined : state === "suspended";
      const outcome = await accounts.changeAccount(id, { isAdmin, isSuspended });
      if (outcome === "last-admin") {
        return refused("Nobody would be left who manages the service.");
      }
    }
    return { kind: "done", text: `User ${name} is changed.\n`, json: { name } };
  },
});
