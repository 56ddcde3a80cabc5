/** `nameward login revoke` */

import { command, refused } from "./command.ts";

export const loginRevoke = command({
  words: "login revoke",
  changes: true,
  summary: "Revoke a device login. A running server refuses it within a second.",
  arguments: ["USERNAME"],
  example: "nameward login revoke cam",
  async run({ arguments: [username = ""], openStore }) {
    await using store = await openStore();
    const octets = Buffer.from(username, "utf8").toString("latin1");
    if ((await store.removeLogin(octets)) === "not-found") {
      const fix = "nameward login list shows the logins.";
      return refused(`There is no device login ${JSON.stringify(username)}.`, fix);
    }
    return { kind: "done", text: `Device login ${username} is revoked.\n`, json: { username } };
  },
});
