/** `nameward user add` */

import { argon2id } from "../core/accounts/password-hasher.ts";
import {
  findFault,
  passwordCharactersMax,
  passwordCharactersMin,
} from "../core/accounts/password-policy.ts";
import { parseUserName } from "../core/user.ts";
import { command, refused } from "./command.ts";
import { readPassword } from "./read-password.ts";

export const userAdd = command({
  words: "user add",
  changes: true,
  summary: "Make an account for a person. The password comes from standard input.",
  arguments: ["NAME"],
  flags: {
    admin: { doc: "The account may manage the whole service." },
    passwordStdin: { doc: "Read the password from standard input. Required." },
  },
  notes: [`The password has ${passwordCharactersMin} to ${passwordCharactersMax} characters.`],
  example: `printf %s "$PASSWORD" | nameward user add alice --password-stdin`,
  makesData: true,
  async run({ arguments: [text = ""], flags, io, openStore }) {
    const name = parseUserName(text);
    if (name === undefined) {
      const why = `${JSON.stringify(text)} cannot be the name of a user.`;
      return refused(why, "Wanted: 1 to 64 letters, digits, -, _ and ., a letter or digit first.");
    }
    if (!flags.passwordStdin) {
      const why = "A password is not taken from the command line, where others can read it.";
      const fix = `printf %s "$PASSWORD" | nameward user add ${name} --password-stdin`;
      return { kind: "wrong-use", why, fix };
    }
    const password = await readPassword(io);
    const fault = findFault(password, [name, "nameward"]);
    if (fault !== undefined) {
      const fix = `Wanted: ${passwordCharactersMin} to ${passwordCharactersMax} characters.`;
      return refused(`The password cannot be taken. ${fault}`, fix);
    }
    const hash = await Bun.password.hash(password, argon2id);
    await using store = await openStore();
    const outcome = await store.addUser(name, flags.admin, hash);
    if (outcome.kind === "taken") return refused(`The user ${name} is there already.`);
    if (outcome.kind === "refused") return refused(outcome.why);
    return {
      kind: "done",
      text: `User ${name} is made${flags.admin ? ", and may manage the service" : ""}.\n`,
      json: { name, admin: flags.admin },
    };
  },
});
