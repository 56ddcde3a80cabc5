/** What must hold whatever comes in from outside. A failure is our own mistake, never the caller's. */

export class AssertionFailed extends Error {
  override readonly name = "AssertionFailed";
}

export function assert(holds: boolean, claim: string): asserts holds {
  if (!holds) throw new AssertionFailed(`This must hold and does not: ${claim}`);
}

/** For the end of a `switch` over a union: a member that is left out does not compile. */
export function unreachable(value: never): never {
  throw new AssertionFailed(`No such case: ${JSON.stringify(value)}`);
}
