/** What is kept of a shape of unknown requests: one of them, masked, and the rule that it suggests. */

import type { UnmatchedRequest } from "../update-service.ts";
import { guessRoles } from "./guess-roles.ts";
import type { Acquaintances, Guesses } from "./guess-roles.ts";
import { maskAgent, maskKey, maskPath, maskRequest } from "./mask.ts";
import { takeApart } from "./parts.ts";
import type { Parts } from "./parts.ts";
import { proposeRule } from "./propose-rule.ts";
import type { ProposedRule } from "./propose-rule.ts";

export interface UnmatchedSample {
  readonly request: string;
  readonly rule: ProposedRule;
}

export interface Learned {
  /** The same for all requests of a device and its like. */
  readonly shape: string;
  readonly sample: UnmatchedSample;
}

/** `undefined`: there is nothing in it to learn from. */
export function learn(request: UnmatchedRequest, known: Acquaintances): Learned | undefined {
  const parts = takeApart(request);
  if (parts === undefined) return undefined;
  const guesses = guessRoles(parts, known);
  const sample = { request: maskRequest(parts, guesses), rule: proposeRule(parts, guesses) };
  return { shape: printShape(parts, guesses), sample };
}

const shapeCharactersMax = 400;

function printShape(request: Parts, guesses: Guesses): string {
  const named = (...places: readonly string[]): readonly string[] => {
    const inPlaces = guesses.parts.filter(({ part }) => places.includes(part.place));
    return [...new Set(inPlaces.map(({ part }) => maskKey(part.key)))].toSorted();
  };
  const keys = named("query", "body", "bare").join("&");
  const { authorization } = request;
  const agent = maskAgent(request.headers.get("user-agent"))?.replace(/\/.*/, "");
  return [
    `${request.method} ${maskPath(request, guesses)}${keys === "" ? "" : `?${keys}`}`,
    ...(authorization === "none" ? [] : [authorization]),
    ...named("header"),
    ...(agent === undefined ? [] : [agent]),
  ]
    .join(" ")
    .slice(0, shapeCharactersMax);
}
