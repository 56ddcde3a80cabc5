/** A question as dialects get it, from the query of a request. */

import { parseParameters } from "../src/adapters/parameters.ts";
import type { Question } from "../src/adapters/question.ts";
import { parseAddress } from "../src/base/address.ts";

export function question(query = "", given: Partial<Question> = {}): Question {
  return {
    adapter: "x",
    hosts: ["cam1.example.test"],
    challenge: undefined,
    parameters: parseParameters(query, undefined, "")!,
    peer: parseAddress("198.51.100.9")!,
    authority: "dyn.example.test",
    isTls: false,
    ...given,
  };
}
