/** `nameward user list` */

import { command } from "./command.ts";
import { printColumns } from "./print-columns.ts";

export const userList = command({
  words: "user list",
  summary: "List the accounts.",
  example: "nameward user list --json",
  async run({ openStore }) {
    await using store = await openStore();
    const users = await store.listUsers();
    const rows = users.map(({ name, isAdmin }) => [name, isAdmin ? "admin" : "user"]);
    return {
      kind: "done",
      text: printColumns([["USER", "ROLE"], ...rows]),
      json: users.map(({ name, isAdmin }) => ({ name, admin: isAdmin })),
    };
  },
});
