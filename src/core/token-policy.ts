/** What a token may do: an action on a subject, and nothing that its policy does not name. */

/** All that is given must hold. */
export interface Policy<Action extends string = string> {
  readonly actions: readonly Action[];
  readonly zones?: readonly string[] | undefined;
  /** `*` stands for any text. */
  readonly names?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
}

/** What a call is about, as far as a policy may look at it. */
export interface Subject {
  readonly zone?: string;
  readonly name?: string;
  /** Of records and addresses. Hosts and logins have none, and a policy that names types says nothing of them. */
  readonly type?: string;
}

/** A policy that names zones or names allows nothing that has none: what a call leaves out is no way around it. */
export function allows(policy: Policy, action: string, { zone, name, type }: Subject): boolean {
  if (!policy.actions.includes(action)) return false;
  if (policy.zones !== undefined && !includesName(policy.zones, zone)) return false;
  if (policy.names !== undefined && !matchesAny(policy.names, name)) return false;
  return policy.types === undefined || type === undefined || includesType(policy.types, type);
}

function includesName(zones: readonly string[], zone: string | undefined): boolean {
  return zone !== undefined && zones.some((one) => fold(one) === fold(zone));
}

function matchesAny(patterns: readonly string[], name: string | undefined): boolean {
  return name !== undefined && patterns.some((pattern) => matches(fold(pattern), fold(name)));
}

function includesType(types: readonly string[], type: string): boolean {
  return types.some((one) => one.toUpperCase() === type.toUpperCase());
}

/** Each piece between stars is looked for behind the one before: no pattern makes it slow. */
function matches(pattern: string, name: string): boolean {
  const pieces = pattern.split("*");
  const first = pieces[0]!;
  if (pieces.length === 1) return name === first;
  const last = pieces.at(-1)!;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

function fold(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
