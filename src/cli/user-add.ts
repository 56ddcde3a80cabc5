/** `nameward user add` */

import { parseUserName } from "../core/user.ts";
import { command, refused } from "./command.ts";
import { readPassword } from "./read-password.ts";

/** NIST SP 800-63B §5.1.1.2 has 8 for what a person remembers; nobody types this one twice a day. */
const passwordCharactersMin = 12;
const passwordCharactersMax = 128;

/** RFC 9106 and OWASP: argon2id with 19 MiB and two passes. */
const argon2id = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;

export const userAdd = command({
  words: "user add",
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
    const length = [...password].length;
    if (length < passwordCharactersMin || length > passwordCharactersMax) {
      const fix = `Wanted: ${passwordCharactersMin} to ${passwordCharactersMax} characters.`;
      return refused(`The password has ${length} characters.`, fix);
    }
    if (password.toLowerCase().includes(name) && length < passwordCharactersMin + name.length) {
      return refused("The password is little more than the name of the user.", "Choose another.");
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
