/** `nameward login list` */

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
    const owners = logins.filter((login) => login.hosts !== "all-of-user").map(({ user }) => user);
    for (const user of new Set(owners)) {
      for await (const host of readHosts(store, { user })) names.set(host.id, host.name);
    }
    const json = logins.map(({ username, user, hosts }) => ({
      username: Buffer.from(username, "latin1").toString("utf8"),
      user: users.get(user) ?? "",
      allHosts: hosts === "all-of-user",
      hosts: hosts === "all-of-user" ? [] : hosts.flatMap((id) => names.get(id) ?? []),
    }));
    const rows = json.map(({ username, user, allHosts, hosts }) => [
      username,
      user,
      allHosts ? `all of ${user}` : hosts.join(" ") || "none",
    ]);
    const text = printColumns([["USERNAME", "USER", "HOSTS"], ...rows]);
    return { kind: "done", text, json };
  },
});
