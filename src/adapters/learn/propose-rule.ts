/** A rule for an unknown request, as the operator would write it: a beginning to check and to change. */

import type { CredentialSource } from "../rule.ts";
import type { Guess, Guesses } from "./guess-roles.ts";
import type { Role } from "./key-roles.ts";
import { maskAgent, maskKey, maskPath } from "./mask.ts";
import type { Parts } from "./parts.ts";

/** In the form of a `WrittenRule`, not yet read as one. */
export type ProposedRule = Readonly<Record<string, unknown>>;

export function proposeRule(request: Parts, guesses: Guesses): ProposedRule {
  const hosts = keysOf(guesses, "host");
  const offline = keysOf(guesses, "offline");
  return {
    id: makeId(request, guesses),
    match: proposeMatch(request, guesses),
    operation: "update",
    mapping: {
      hosts,
      ...(guesses.isByLabel ? { naming: "label" } : {}),
      addresses: keysOf(guesses, "address"),
      ...(offline.length === 0 ? {} : { offline }),
      credential: [proposeCredential(request, guesses)],
    },
    dialect: "dyndns",
  };
}

function proposeMatch(request: Parts, guesses: Guesses) {
  const path = maskPath(request, guesses);
  const keys = (["host", "username", "secret"] as const)
    .flatMap((role) => keysOf(guesses, role))
    .filter((key) => !key.startsWith("{"));
  const agent = maskAgent(request.headers.get("user-agent"))?.replace(/\/.*/, "");
  return {
    methods: [request.method],
    paths: [path],
    ...(keys.length === 0 ? {} : { keys }),
    // A path without a word of its own would take every request.
    ...(path.startsWith("/{") && agent !== undefined ? { userAgents: [agent] } : {}),
  };
}

/** Where a value was seen to be what its role says, only there. */
function keysOf({ parts }: Guesses, role: Role): readonly string[] {
  const having = parts.filter((guess) => guess.role === role && isMappable(guess));
  const known = having.filter(({ isKnown }) => isKnown);
  return [...new Set((known.length > 0 ? known : having).map(({ part }) => part.key))];
}

function isMappable({ part }: Guess): boolean {
  if (part.place === "segment") return true;
  return (part.place === "query" || part.place === "body") && maskKey(part.key) !== "*";
}

function proposeCredential(request: Parts, guesses: Guesses): CredentialSource {
  const { authorization, basic } = request;
  if (basic !== undefined) return { kind: "basic" };
  if (authorization === "bearer") return { kind: "bearer" };
  const usernames = keysOf(guesses, "username");
  const secrets = secretKeys(guesses);
  const form = guesses.secretForm ?? "password";
  if (secrets.length > 0 && (form !== "password" || usernames.length === 0)) {
    return { kind: "secret", form: form === "password" ? "token" : form, parameters: secrets };
  }
  if (secrets.length > 0) return { kind: "parameters", usernames, passwords: secrets };
  const [segment, ...others] = unknownSegments(request, guesses);
  if (segment !== undefined && others.length === 0) {
    return { kind: "secret", form: "token", parameters: [segment] };
  }
  const hasBare = guesses.parts.some(({ part }) => part.place === "bare");
  return { kind: hasBare ? "bare-key" : "basic" };
}

/** Values in the path that nobody knows: of a host, an address and something else, that is the secret. */
function unknownSegments(request: Parts, guesses: Guesses): readonly string[] {
  const inPath = maskPath(request, guesses).split("/");
  return guesses.parts
    .filter(({ part, role }) => part.place === "segment" && role === undefined)
    .filter(({ part }) => inPath.includes(part.key))
    .map(({ part }) => part.key);
}

/** The one that proved a login, where one did. */
function secretKeys(guesses: Guesses): readonly string[] {
  const proved = guesses.parts.filter(
    (guess) => guess.part === guesses.secret && isMappable(guess),
  );
  return proved.length > 0 ? proved.map(({ part }) => part.key) : keysOf(guesses, "secret");
}

const idCharactersMax = 40;

/** The words of the path. */
function makeId(request: Parts, guesses: Guesses): string {
  const words = maskPath(request, guesses)
    .replace(/\{s\d+\}/g, "")
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  return ["learned", ...words].join("-").slice(0, idCharactersMax).replace(/-$/, "");
}
