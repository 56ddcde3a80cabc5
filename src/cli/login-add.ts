/** `nameward login add` */

import { systemChance, makeSecretText } from "../base/chance.ts";
import type { Login } from "../core/login.ts";
import type { User } from "../core/user.ts";
import { makeVerifier, passwordCharactersMax } from "../core/verifier.ts";
import { openPepper } from "../store/pepper.ts";
import type { Store } from "../store/store.ts";
import { Refused, command, refused } from "./command.ts";
import { getHost, getUser } from "./find-things.ts";
import type { Io } from "./io.ts";
import { readPassword } from "./read-password.ts";
import { weakness } from "./weak-password.ts";

/** Short enough for the 16 characters of an old camera's field; unique in any installation. */
const usernameCharacters = 8;
/** 117 bits, and it fits fields of 31 characters. */
const passwordCharacters = 20;
/** Basic sends user name and password together, and a device login accepts 512 octets of both. */
const usernameOctetsMax = 255;

export const loginAdd = command({
  words: "login add",
  summary:
    "Make a device login: credentials that may update the addresses of hosts, and nothing else.",
  flags: {
    user: { value: "USER", doc: "Whose hosts it may update. Required." },
    hosts: { value: "NAME,…", doc: "The hosts it may update." },
    allHosts: { doc: "It may update every host of the user, those to come included." },
    username: { value: "NAME", doc: "Take this user name instead of a generated one." },
    passwordStdin: { doc: "Take the password from standard input instead of a generated one." },
  },
  notes: ["A generated password is shown once: only a keyed hash of it is kept."],
  example: "nameward login add --user alice --hosts cam1.dyn.example.net --json",
  async run({ flags, io, openStore, reading, warn }) {
    if (flags.user === undefined) {
      return wrongUse("nameward login add needs --user.");
    }
    if ((flags.hosts === undefined) === !flags.allHosts) {
      return wrongUse("nameward login add needs either --hosts or --all-hosts.");
    }
    const password = flags.passwordStdin
      ? await readDevicePassword(io)
      : makeSecretText(systemChance, passwordCharacters);
    const given = flags.username === undefined ? undefined : checkUsername(flags.username);
    await using store = await openStore();
    const user = await getUser(store, flags.user);
    const hosts =
      flags.hosts === undefined ? "all-of-user" : await getHostIds(store, flags.hosts, user);
    const pepper = await openPepper(reading.config.data);
    for (let tries = generatedTriesMax; ; tries--) {
      const username = given ?? makeSecretText(systemChance, usernameCharacters);
      const octets = toOctets(username);
      const verifier = makeVerifier(pepper, octets, toOctets(password));
      const outcome = await store.addLogin({ user: user.id, username: octets, verifier, hosts });
      if (outcome.kind === "refused") return refused(outcome.why);
      if (outcome.kind === "taken" && given === undefined && tries > 0) continue;
      if (outcome.kind === "taken") return refused(`The user name ${username} is taken.`);
      const weak = flags.passwordStdin ? weakness(username, password) : undefined;
      if (weak !== undefined)
        warn(`The password is weak: ${weak}. Whoever guesses it can move the hosts.`);
      return { kind: "done", text: printLogin(username, password), json: { username, password } };
    }
  },
});

/** A generated name that is taken is as good as impossible; a store that always says so is broken. */
const generatedTriesMax = 3;

function wrongUse(why: string) {
  const fix = "nameward login add --user USER --hosts NAME,…";
  return { kind: "wrong-use" as const, why, fix };
}

function printLogin(username: string, password: string): string {
  return `username  ${username}\npassword  ${password}\n`;
}

async function readDevicePassword(io: Io): Promise<string> {
  const password = await readPassword(io);
  if (toOctets(password).length <= passwordCharactersMax) return password;
  throw new Refused(refused(`The password has more than ${passwordCharactersMax} octets.`));
}

/** RFC 7617 §2: what stands before the first colon is the user name, so it has none. */
function checkUsername(username: string): string {
  const fault =
    username === ""
      ? "is empty"
      : username.includes(":")
        ? "holds a colon, which ends a user name in Basic authentication"
        : /\p{Cc}/u.test(username)
          ? "holds a control character"
          : toOctets(username).length > usernameOctetsMax
            ? `has more than ${usernameOctetsMax} octets`
            : undefined;
  if (fault === undefined) return username;
  throw new Refused(refused(`The user name ${fault}.`));
}

/** The octets of the UTF-8 form, one character each, as they come off the wire. */
function toOctets(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

async function getHostIds(store: Store, text: string, user: User): Promise<Login["hosts"]> {
  const ids = new Set<number>();
  for (const part of text.split(",")) {
    const host = await getHost(store, part);
    if (host.user !== user.id) {
      const why = `The host ${host.name} does not belong to ${user.name}.`;
      throw new Refused(refused(why, `nameward host list --user ${user.name} shows the hosts.`));
    }
    ids.add(host.id);
  }
  return [...ids];
}
