/** Who has to have a second factor, and from when on (ASVS 6.3.3). */

export const secondFactorRoles = ["nobody", "admins", "everybody"] as const;
export type SecondFactorRole = (typeof secondFactorRoles)[number];

/** Of a new account: set-up comes first, and a phone is not always at hand. */
export const secondFactorGraceMs = 7 * 24 * 60 * 60_000;

interface Enrolling {
  readonly isAdmin: boolean;
  readonly hasSecondFactor: boolean;
  readonly createdAtMs: number;
}

/** When the account has to have one; undefined: it has one, or need not. */
export function secondFactorDueMs(
  { isAdmin, hasSecondFactor, createdAtMs }: Enrolling,
  role: SecondFactorRole,
): number | undefined {
  if (hasSecondFactor || role === "nobody" || (role === "admins" && !isAdmin)) return undefined;
  return createdAtMs + secondFactorGraceMs;
}
