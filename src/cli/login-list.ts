/** `nameward login list` */

import type { Login } from "../core/login.ts";
import { command } from "./command.ts";
import { getUser, readHosts } from "./find-things.ts";
import { printColumns } from "./print-columns.ts";

export const loginList = command({
  words: "login list",
  summary: "List the device logins. Passwords are not kept and cannot be shown.",
  flags: { user: { value: "USER", doc: "Only logins of this user." } },
  example: "nameward login list --user alice --json",
  async run({ flags, openStore }) {
    await using store = await openStore();
    const only = flags.user === undefined ? undefined : (await getUser(store, flags.user)).id;
    const logins = await store.listLogins(only);
    const users = new Map((await store.listUsers()).map(({ id, name }) => [id, name]));
    const names = new Map<number, string>();
    const owners = logins
      .filter(({ hosts, defaultHost }) => hosts !== "all-of-user" || defaultHost !== undefined)
      .map(({ user }) => user);
    for (const user of new Set(owners)) {
      for await (const host of readHosts(store, { user })) names.set(host.id, host.name);
    }
    const json = logins.map((login) => loginJson(login, users, names));
    const rows = json.map((row) => [
      row.username,
      row.user,
      row.allHosts ? `all of ${row.user}` : row.hosts.join(" ") || "none",
      ["password", ...row.accepts].join(" "),
      printLimits(row),
    ]);
    const text = printColumns([["USERNAME", "USER", "HOSTS", "ACCEPTS", "LIMITS"], ...rows]);
    return { kind: "done", text, json };
  },
});

/** `accepts`: beside user name and password. */
function loginJson(
  { username, user, hosts, proofs, scope, from, defaultHost }: Login,
  users: ReadonlyMap<number, string>,
  names: ReadonlyMap<number, string>,
) {
  return {
    username: Buffer.from(username, "latin1").toString("utf8"),
    user: users.get(user) ?? "",
    allHosts: hosts === "all-of-user",
    hosts: hosts === "all-of-user" ? [] : hosts.flatMap((id) => names.get(id) ?? []),
    defaultHost: (defaultHost === undefined ? undefined : names.get(defaultHost)) ?? null,
    accepts: proofs.map(({ kind }) => kind),
    onlyChallenges: scope === "challenges",
    from: from.map(({ text }) => text),
  };
}

function printLimits({ onlyChallenges, from, defaultHost }: ReturnType<typeof loginJson>): string {
  const limits = [
    ...(onlyChallenges ? ["only challenges"] : []),
    ...(from.length === 0 ? [] : [`from ${from.join(" ")}`]),
    ...(defaultHost === null ? [] : [`${defaultHost} by default`]),
  ];
  return limits.join(", ");
}
