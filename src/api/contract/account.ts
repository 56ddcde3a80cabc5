/** Set-up, sign-in, and what a person does with the own account. */

import { z } from "zod";
import { anyone, freshPerson, person } from "./route.ts";
import type { Route } from "./route.ts";
import {
  id,
  label,
  mail,
  newPassword,
  nothing,
  password,
  secondFactorCode,
  time,
  userName,
} from "./shapes.ts";

export const account = z.strictObject({
  name: userName,
  mail: mail.nullable(),
  isMailConfirmed: z.boolean(),
  role: z.enum(["user", "admin"]),
  hasTotp: z.boolean(),
  passkeys: z.number().int(),
  recoveryCodesLeft: z.number().int(),
  /** From then on nothing but the own account until there is a second factor; null: there is one, or need not be. */
  secondFactorDueAt: time.nullable(),
  createdAt: time,
  /** When it will be deleted; until then it can be taken back. */
  deletesAt: time.nullable(),
  quota: z.strictObject({
    hosts: z.number().int(),
    logins: z.number().int(),
    tokens: z.number().int(),
  }),
  used: z.strictObject({
    hosts: z.number().int(),
    logins: z.number().int(),
    tokens: z.number().int(),
  }),
});

const session = z.strictObject({
  id,
  isThis: z.boolean(),
  createdAt: time,
  seenAt: time,
  peer: z.string(),
  userAgent: z.string(),
});

/** What is asked for next, or that the person is in. */
const signIn = z.discriminatedUnion("state", [
  z.strictObject({ state: z.literal("signed-in"), account }),
  /** The second factor is wanted: `POST /session/second-factor` with what was given here. */
  z.strictObject({
    state: z.literal("second-factor"),
    ticket: z.string(),
    methods: z.array(z.enum(["totp", "passkey", "recovery-code"])),
  }),
]);

/** What the browser's own WebAuthn calls take and give; checked by the library that reads it. */
const webauthn = z.record(z.string(), z.unknown());

/** What a page may know before anybody has signed in. */
export const greeting = z.strictObject({
  /** `setup`: there is no account yet and a set-up link is needed. */
  state: z.enum(["setup", "ready"]),
  signUp: z.enum(["closed", "invitation", "open"]),
  canReset: z.boolean(),
  account: account.nullable(),
  /** Goes into the header `X-Nameward-Csrf` of every call that changes something. Null without a session. */
  csrf: z.string().nullable(),
  brand: z.strictObject({
    name: z.string(),
    hasLogo: z.boolean(),
    colours: z.record(z.string(), z.string()),
  }),
  version: z.string(),
});

export const accountRoutes = {
  greet: {
    method: "GET",
    path: "/greeting",
    summary: "Whether somebody is signed in, and what a page needs to begin.",
    access: anyone,
    status: 200,
    reply: greeting,
  },

  checkSetupLink: {
    method: "POST",
    path: "/setup/check",
    summary: "Whether a set-up link still holds.",
    access: anyone,
    body: z.strictObject({ token: z.string().max(100) }),
    status: 200,
    reply: z.strictObject({ expiresAt: time }),
  },
  setUp: {
    method: "POST",
    path: "/setup",
    summary: "Make the first account, with the token of the set-up link.",
    access: anyone,
    body: z.strictObject({
      token: z.string().max(100),
      name: userName,
      mail: mail.optional(),
      password: newPassword,
    }),
    status: 201,
    reply: signIn,
  },

  signIn: {
    method: "POST",
    path: "/session",
    summary: "Sign in with name or mail address and password.",
    access: anyone,
    body: z.strictObject({ name: z.string().min(1).max(254), password }),
    status: 200,
    reply: signIn,
  },
  giveSecondFactor: {
    method: "POST",
    path: "/session/second-factor",
    summary: "Give a code of the authenticator app, or a recovery code.",
    access: anyone,
    body: z.strictObject({
      ticket: z.string().max(200),
      method: z.enum(["totp", "recovery-code"]),
      code: secondFactorCode,
    }),
    status: 200,
    reply: signIn,
  },
  beginPasskeySignIn: {
    method: "POST",
    path: "/session/passkey/begin",
    summary: "Begin to sign in with a passkey, alone or as the second factor of a ticket.",
    access: anyone,
    body: z.strictObject({ ticket: z.string().max(200).optional() }),
    status: 200,
    reply: z.strictObject({ ceremony: z.string(), options: webauthn }),
  },
  endPasskeySignIn: {
    method: "POST",
    path: "/session/passkey/end",
    summary: "End signing in with a passkey.",
    access: anyone,
    body: z.strictObject({ ceremony: z.string().max(200), response: webauthn }),
    status: 200,
    reply: signIn,
  },
  signOut: {
    method: "DELETE",
    path: "/session",
    summary: "Sign out here.",
    access: person,
    status: 204,
  },
  stepUp: {
    method: "POST",
    path: "/session/step-up",
    summary: "Prove again who you are, for what is asked only of a fresh session.",
    access: person,
    body: z.strictObject({ password: password.optional(), code: secondFactorCode.optional() }),
    status: 204,
  },

  signUp: {
    method: "POST",
    path: "/sign-up",
    summary: "Ask for an account, where sign-up is open. The answer is the same whoever asks.",
    access: anyone,
    body: z.strictObject({ name: userName, mail, password: newPassword }),
    status: 202,
    reply: nothing,
  },
  confirmMail: {
    method: "POST",
    path: "/sign-up/confirm",
    summary: "Confirm a mail address with the token of the mail.",
    access: anyone,
    body: z.strictObject({ token: z.string().max(100) }),
    status: 200,
    reply: signIn,
  },
  checkInvitation: {
    method: "POST",
    path: "/invitation/check",
    summary: "Whether an invitation still holds, and for whom.",
    access: anyone,
    body: z.strictObject({ token: z.string().max(100) }),
    status: 200,
    reply: z.strictObject({
      mail: mail.nullable(),
      role: z.enum(["user", "admin"]),
      expiresAt: time,
    }),
  },
  acceptInvitation: {
    method: "POST",
    path: "/invitation/accept",
    summary: "Make the account an invitation is for.",
    access: anyone,
    body: z.strictObject({
      token: z.string().max(100),
      name: userName,
      mail: mail.optional(),
      password: newPassword,
    }),
    status: 201,
    reply: signIn,
  },
  askReset: {
    method: "POST",
    path: "/password-reset",
    summary: "Ask for a mail to reset the password. The answer is the same whoever asks.",
    access: anyone,
    body: z.strictObject({ mail }),
    status: 202,
    reply: nothing,
  },
  reset: {
    method: "POST",
    path: "/password-reset/finish",
    summary: "Set a new password with the token of the mail; a second factor is still asked for.",
    access: anyone,
    body: z.strictObject({ token: z.string().max(100), password: newPassword }),
    status: 200,
    reply: signIn,
  },

  getAccount: {
    method: "GET",
    path: "/account",
    summary: "The own account.",
    access: person,
    status: 200,
    reply: account,
  },
  changeMail: {
    method: "PUT",
    path: "/account/mail",
    summary: "Change the mail address; the new one is asked first.",
    access: freshPerson,
    body: z.strictObject({ mail }),
    status: 202,
    reply: nothing,
  },
  changePassword: {
    method: "PUT",
    path: "/account/password",
    summary: "Change the password. All other sessions end.",
    access: person,
    body: z.strictObject({ current: password, next: newPassword }),
    status: 204,
  },
  beginTotp: {
    method: "POST",
    path: "/account/totp",
    summary: "Begin to enrol an authenticator app.",
    access: freshPerson,
    body: nothing,
    status: 200,
    reply: z.strictObject({
      secret: z.string(),
      uri: z.string(),
      qrSvgPath: z.string(),
      qrSize: z.number().int(),
    }),
  },
  confirmTotp: {
    method: "POST",
    path: "/account/totp/confirm",
    summary:
      "Confirm the app with a code of it. All other sessions end. Recovery codes are shown once.",
    access: freshPerson,
    body: z.strictObject({ code: secondFactorCode }),
    status: 200,
    reply: z.strictObject({ recoveryCodes: z.array(z.string()) }),
  },
  removeTotp: {
    method: "DELETE",
    path: "/account/totp",
    summary: "Give up the authenticator app.",
    access: freshPerson,
    status: 204,
  },
  renewRecoveryCodes: {
    method: "POST",
    path: "/account/recovery-codes",
    summary: "Make new recovery codes; the old ones end.",
    access: freshPerson,
    body: nothing,
    status: 200,
    reply: z.strictObject({ recoveryCodes: z.array(z.string()) }),
  },
  listPasskeys: {
    method: "GET",
    path: "/account/passkeys",
    summary: "The passkeys of the own account.",
    access: person,
    status: 200,
    reply: z.strictObject({
      items: z.array(z.strictObject({ id, name: label, createdAt: time, usedAt: time.nullable() })),
    }),
  },
  beginPasskey: {
    method: "POST",
    path: "/account/passkeys/begin",
    summary: "Begin to add a passkey.",
    access: freshPerson,
    body: nothing,
    status: 200,
    reply: z.strictObject({ ceremony: z.string(), options: webauthn }),
  },
  endPasskey: {
    method: "POST",
    path: "/account/passkeys/end",
    summary: "End adding a passkey.",
    access: freshPerson,
    body: z.strictObject({ ceremony: z.string().max(200), name: label, response: webauthn }),
    status: 201,
    reply: z.strictObject({ id, recoveryCodes: z.array(z.string()) }),
  },
  removePasskey: {
    method: "DELETE",
    path: "/account/passkeys/{id}",
    summary: "Give up a passkey.",
    access: freshPerson,
    status: 204,
  },
  listSessions: {
    method: "GET",
    path: "/account/sessions",
    summary: "Where the account is signed in.",
    access: person,
    status: 200,
    reply: z.strictObject({ items: z.array(session) }),
  },
  endSession: {
    method: "DELETE",
    path: "/account/sessions/{id}",
    summary: "Sign out there.",
    access: person,
    status: 204,
  },
  endOtherSessions: {
    method: "DELETE",
    path: "/account/sessions",
    summary: "Sign out everywhere else.",
    access: person,
    status: 204,
  },
  exportAccount: {
    method: "GET",
    path: "/account/export",
    summary: "All that is kept about the own account, as JSON.",
    access: freshPerson,
    status: 200,
    streams: "application/json",
  },
  deleteAccount: {
    method: "DELETE",
    path: "/account",
    summary: "Delete the own account after a time in which it can be taken back.",
    access: freshPerson,
    status: 200,
    reply: z.strictObject({ deletesAt: time }),
  },
  keepAccount: {
    method: "POST",
    path: "/account/keep",
    summary: "Take the deletion back.",
    access: person,
    body: nothing,
    status: 204,
  },
} as const satisfies Record<string, Route>;
