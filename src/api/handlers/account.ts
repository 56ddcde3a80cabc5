/** What a person does with the own account: password, mail address, second factors, sessions, deletion. */

import { BoundedMap } from "../../base/bounded-map.ts";
import { hasSecondFactor } from "../../core/accounts/account.ts";
import { hashRecoveryCode, makeRecoveryCodes } from "../../core/accounts/recovery-code.ts";
import { makeSecretToken } from "../../core/accounts/secret-token.ts";
import { ticketLifeMs } from "../../core/accounts/ticket.ts";
import {
  findStep,
  printBase32,
  printTotpUri,
  totpPlace,
  totpSecretOctets,
} from "../../core/accounts/totp.ts";
import { accountReply, checkNewPassword, hashing, printTime, readMail } from "../account-parts.ts";
import type { AccountParts } from "../account-parts.ts";
import type { StoredAccount } from "../../core/accounts/account-store.ts";
import type { Person } from "../caller.ts";
import type { Call, Handlers } from "../handler.ts";
import { drawQrCode } from "../qr-code.ts";
import { notFound, Refusal } from "../refusal.ts";
import { clearCookie } from "../sign-in.ts";
import type { SignIns } from "../sign-in.ts";

/** A deletion can be taken back for so long. */
export const graceMs = 14 * 24 * 60 * 60_000;
/** Secrets that were shown and not confirmed yet, one a session. */
const enrolmentsMax = 1_000;
const enrolmentMs = 10 * 60_000;

export function accountHandlers(
  parts: AccountParts,
  signIns: SignIns,
): Handlers<
  | "getAccount"
  | "changeMail"
  | "changePassword"
  | "beginTotp"
  | "confirmTotp"
  | "removeTotp"
  | "renewRecoveryCodes"
  | "listSessions"
  | "endSession"
  | "endOtherSessions"
  | "deleteAccount"
  | "keepAccount"
> {
  const { accounts, settings, clock, audit } = parts;
  const enrolments = new BoundedMap<
    string,
    { readonly secret: Uint8Array; readonly untilMs: number }
  >(enrolmentsMax);
  return {
    getAccount: async ({ caller }) => accountReply(await ownAccount(caller, parts), settings),
    changeMail: (call) => changeMail(call, parts),
    changePassword: (call) => changePassword(call, parts, signIns),

    beginTotp: async ({ caller }) => {
      const secret = parts.chance.octets(totpSecretOctets);
      enrolments.set(caller.session, { secret, untilMs: clock.monotonicMs() + enrolmentMs });
      const uri = printTotpUri(secret, settings.brandName(), caller.user.name);
      const { path, size } = drawQrCode(uri);
      return { secret: printBase32(secret), uri, qrSvgPath: path, qrSize: size };
    },
    confirmTotp: async (call) => {
      const { caller, body, peer } = call;
      const enrolment = enrolments.find(caller.session);
      if (enrolment === undefined || enrolment.untilMs <= clock.monotonicMs()) {
        throw new Refusal(409, "no-enrolment", "No app is being enrolled.", {
          hint: "Begin again: a new code is shown.",
        });
      }
      parts.attempts.take("second-factor", caller.user.name, peer);
      const step = findStep(enrolment.secret, body.code, clock.now());
      if (step === undefined) {
        throw new Refusal(422, "wrong-code", "The code is not of this app.", {
          hint: "Look whether the clocks of phone and server are right.",
        });
      }
      parts.attempts.forgive("second-factor", caller.user.name, peer);
      enrolments.delete(caller.session);
      const sealed = await parts.seal(enrolment.secret, totpPlace(caller.user.id));
      await accounts.setTotp(caller.user.id, sealed, step, caller.session);
      const codes = await renewCodes(caller.user.id, parts);
      await note("totp.add", call);
      await signIns.renew(call);
      return { recoveryCodes: [...codes] };
    },
    removeTotp: async (call) => {
      await accounts.setTotp(call.caller.user.id, undefined, 0, call.caller.session);
      await note("totp.remove", call);
      await signIns.renew(call);
      return undefined;
    },
    renewRecoveryCodes: async (call) => {
      if (!hasSecondFactor(await ownAccount(call.caller, parts))) {
        throw new Refusal(409, "no-second-factor", "There is no second factor to recover from.", {
          hint: "Enrol an app or a passkey first.",
        });
      }
      const codes = await renewCodes(call.caller.user.id, parts);
      await note("recovery-codes.make", call);
      return { recoveryCodes: [...codes] };
    },

    listSessions: async ({ caller }) => ({
      items: (await accounts.listSessions(caller.user.id)).map((session) => ({
        id: session.id,
        isThis: session.id === caller.session,
        createdAt: printTime(session.createdAtMs),
        seenAt: printTime(session.seenAtMs),
        peer: session.peer,
        userAgent: session.userAgent,
      })),
    }),
    endSession: async (call) => {
      const { caller, parameters, headers } = call;
      const outcome = await accounts.endSession(caller.user.id, parameters.id);
      if (outcome === "not-found") throw notFound();
      if (parameters.id === caller.session) clearCookie(headers);
      await note("session.end", call);
      return undefined;
    },
    endOtherSessions: async (call) => {
      await accounts.endSessions(call.caller.user.id, call.caller.session);
      await note("session.end-others", call);
      return undefined;
    },

    deleteAccount: async (call) => {
      const deletesAtMs = clock.now() + graceMs;
      const outcome = await accounts.setDeletion(call.caller.user.id, deletesAtMs);
      if (outcome === "last-admin") throw lastAdmin();
      await note("account.delete", call);
      return { deletesAt: printTime(deletesAtMs) };
    },
    keepAccount: async (call) => {
      await accounts.setDeletion(call.caller.user.id, undefined);
      await note("account.keep", call);
      return undefined;
    },
  };

  async function note(
    action: string,
    call: Pick<Call<"getAccount">, "caller" | "peer" | "requestId">,
  ): Promise<void> {
    const target = call.caller.user.name;
    await audit.note({ actor: call.caller, action, target, result: "ok" }, call);
  }
}

export function lastAdmin(): Refusal {
  return new Refusal(409, "last-admin", "Nobody would be left who manages the service.", {
    hint: "Make another account an administrator first.",
  });
}

async function ownAccount(caller: Person, { accounts }: AccountParts): Promise<StoredAccount> {
  const account = await accounts.findAccount({ id: caller.user.id });
  if (account === undefined) throw notFound();
  return account;
}

/** As long as there is one there are ten: who gives a new app its first code gets new ones too. */
export async function renewCodes(user: number, parts: AccountParts): Promise<readonly string[]> {
  const codes = makeRecoveryCodes(parts.chance);
  const hashes = codes.map((code) => hashRecoveryCode(parts.pepper, user, code));
  await parts.accounts.setRecoveryCodes(user, hashes);
  return codes;
}

async function changeMail(
  call: Call<"changeMail">,
  parts: AccountParts,
): Promise<Record<never, never>> {
  const { caller, peer } = call;
  const mail = readMail(call.body.mail, parts);
  if (parts.mails === undefined) {
    throw new Refusal(
      409,
      "no-mail",
      "This service sends no mail, so no address can be confirmed.",
      {
        hint: "The operator sets smtpUrl.",
      },
    );
  }
  parts.attempts.take("mail", mail, peer);
  void askMail(caller, mail, parts);
  await parts.audit.note(
    { actor: caller, action: "mail.change", target: caller.user.name, result: "ok" },
    call,
  );
  return {};
}

/** Also to an address that is another's: that it is, only who reads its mail learns. */
async function askMail(caller: Person, mail: string, parts: AccountParts): Promise<void> {
  const { accounts, mails, chance, clock, settings } = parts;
  const owner = await accounts.findAccount({ mail });
  if (owner?.mailConfirmedAtMs !== undefined && owner.id !== caller.user.id) {
    await mails?.send("alreadyThere", mail, {});
    return;
  }
  const { id, secret, hash } = makeSecretToken(chance);
  await accounts.addTicket({ id, hash, kind: "change-mail", user: caller.user.id, mail });
  await mails?.send("confirmMail", mail, {
    link: `${settings.publicUrl()}/#confirm=${secret}`,
    until: printTime(clock.now() + ticketLifeMs["change-mail"]),
  });
}

async function changePassword(
  call: Call<"changePassword">,
  parts: AccountParts,
  signIns: SignIns,
): Promise<undefined> {
  const { caller, body, peer } = call;
  const account = await ownAccount(caller, parts);
  parts.attempts.take("password", account.name, peer);
  if (!(await hashing(parts.hasher.isRight(body.current, account.passwordHash)))) {
    const entry = { actor: caller, action: "password.change", target: account.name };
    await parts.audit.note({ ...entry, result: "refused" }, call);
    throw new Refusal(403, "wrong-password", "The current password is wrong.");
  }
  parts.attempts.forgive("password", account.name, peer);
  checkNewPassword(body.next, [account.name, account.mail, parts.settings.brandName()], "/next");
  const passwordHash = await hashing(parts.hasher.hash(body.next));
  await parts.accounts.setPassword(account.id, passwordHash, caller.session);
  await parts.audit.note(
    { actor: caller, action: "password.change", target: account.name, result: "ok" },
    call,
  );
  await signIns.renew(call);
  return undefined;
}
