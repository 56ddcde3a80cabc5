/** `nameward login add` */

import { systemChance, makeSecretText } from "../base/chance.ts";
import { makeProof } from "../core/login-proof.ts";
import type { ProofParts } from "../core/login-proof.ts";
import type { LoginProof, NewLogin, ProofKind } from "../core/login.ts";
import { makeVerifier, passwordCharactersMax } from "../core/verifier.ts";
import { openPepper } from "../store/pepper.ts";
import type { Store } from "../store/store.ts";
import { Refused, command, refused } from "./command.ts";
import { getSecretsKey } from "./find-secrets-key.ts";
import { getUser } from "./find-things.ts";
import type { Io } from "./io.ts";
import { getDefaultHost, getHostIds, parseAccepts, parseNetworks } from "./login-limits.ts";
import { readPassword } from "./read-password.ts";
import { weakness } from "./weak-password.ts";

/** Short enough for the 16 characters of an old camera's field; unique in any installation. */
const usernameCharacters = 8;
/** 117 bits, and it fits fields of 31 characters. */
const passwordCharacters = 20;

export const loginAdd = command({
  words: "login add",
  changes: true,
  summary:
    "Make a device login: credentials that may update the addresses of hosts, and nothing else.",
  flags: {
    user: { value: "USER", doc: "Whose hosts it may update. Required." },
    hosts: { value: "NAME,…", doc: "The hosts it may update." },
    allHosts: { doc: "It may update every host of the user, those to come included." },
    username: { value: "NAME", doc: "Take this user name instead of a generated one." },
    passwordStdin: { doc: "Take the password from standard input instead of a generated one." },
    accepts: {
      value: "PROOF,…",
      doc: "What it accepts beside user name and password: token, sha1, md5, gnudip.",
    },
    onlyChallenges: { doc: "It may set ACME challenges of the hosts, and no address." },
    from: { value: "CIDR,…", doc: "Networks it may be used from, instead of from everywhere." },
    defaultHost: { value: "NAME", doc: "The host that is meant when a device names none." },
  },
  notes: [
    "A generated password is shown once: only a keyed hash of it is kept.",
    "Each proof of --accepts costs a little safety, so choose only what the device needs.",
    "token: the password alone, for DuckDNS, dynv6 or a bearer; a guess then needs no user name.",
    "sha1: sha1(user|password), for FreeDNS; who sees it once can use it as it is.",
    "md5: md5(password), for DuiaDNS; as sha1, and the same for every login with that password.",
    "gnudip: an answer to a challenge; md5(password) is kept, encrypted under secrets.key, and can be recovered.",
  ],
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
    const kinds = parseAccepts(flags.accepts);
    const scope = flags.onlyChallenges ? "challenges" : "all";
    const from = parseNetworks(flags.from);
    await using store = await openStore();
    const user = await getUser(store, flags.user);
    const hosts =
      flags.hosts === undefined ? "all-of-user" : await getHostIds(store, flags.hosts, user);
    const byDefault = await getDefaultHost(store, flags.defaultHost, user, hosts);
    const { data } = reading.config;
    const parts = {
      pepper: await openPepper(data),
      chance: systemChance,
      getSecretsKey: () => getSecretsKey(store, data),
    };
    const wanted = { user: user.id, hosts, scope, from, ...byDefault } as const;
    const username = await addLogin(store, given, (name) =>
      makeLogin(wanted, kinds, { username: name, password: toOctets(password) }, parts),
    );
    if (flags.passwordStdin) warnOf(username, password, kinds, warn);
    return { kind: "done", text: printLogin(username, password), json: { username, password } };
  },
});

/** Under the name that was given, or under one that is free. */
async function addLogin(
  store: Store,
  given: string | undefined,
  make: (username: string) => Promise<NewLogin>,
): Promise<string> {
  for (let tries = generatedTriesMax; ; tries--) {
    const username = given ?? makeSecretText(systemChance, usernameCharacters);
    const outcome = await store.addLogin(await make(toOctets(username)));
    if (outcome.kind === "made") return username;
    if (outcome.kind === "refused") throw new Refused(refused(outcome.why));
    if (given !== undefined || tries === 0) {
      throw new Refused(refused(`The user name ${username} is taken.`));
    }
  }
}

async function makeLogin(
  wanted: Omit<NewLogin, "username" | "verifier" | "proofs">,
  kinds: readonly ProofKind[],
  credential: { readonly username: string; readonly password: string },
  parts: ProofParts,
): Promise<NewLogin> {
  const { username, password } = credential;
  const proofs: LoginProof[] = [];
  for (const kind of kinds) proofs.push(await makeProof(kind, credential, parts));
  return { ...wanted, username, verifier: makeVerifier(parts.pepper, username, password), proofs };
}

function warnOf(
  username: string,
  password: string,
  kinds: readonly ProofKind[],
  warn: (sentence: string) => void,
): void {
  const weak = weakness(username, password);
  if (weak !== undefined) {
    warn(`The password is weak: ${weak}. Whoever guesses it can move the hosts.`);
  }
  if (kinds.includes("token")) warn("A token stands alone: give no other login this password.");
}

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
          : toOctets(username).length > passwordCharactersMax
            ? `has more than ${passwordCharactersMax} octets`
            : undefined;
  if (fault === undefined) return username;
  throw new Refused(refused(`The user name ${fault}.`));
}

/** The octets of the UTF-8 form, one character each, as they come off the wire. */
function toOctets(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
