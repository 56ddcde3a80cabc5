/** Set-up, sign-in, step-up, sign-out, and a password that was forgotten. */

import { isOutdated } from "../../core/accounts/password-hasher.ts";
import { hashSecret, makeSecretToken } from "../../core/accounts/secret-token.ts";
import { ticketLifeMs } from "../../core/accounts/ticket.ts";
import { parseUserName } from "../../core/user.ts";
import { checkNewPassword, hashing, printTime, readMail, readUserName } from "../account-parts.ts";
import type { AccountParts } from "../account-parts.ts";
import type { StoredAccount } from "../../core/accounts/account-store.ts";
import type { Call, Handlers } from "../handler.ts";
import { invalid, Refusal } from "../refusal.ts";
import { isRecoveryCodeRight, isTotpRight } from "../second-factor.ts";
import { clearCookie, staleTicket, suspended } from "../sign-in.ts";
import type { SignInReply, SignIns } from "../sign-in.ts";

export function signInHandlers(
  parts: AccountParts,
  signIns: SignIns,
): Handlers<
  | "checkSetupLink"
  | "setUp"
  | "signIn"
  | "giveSecondFactor"
  | "signOut"
  | "stepUp"
  | "askReset"
  | "reset"
> {
  return {
    checkSetupLink: async ({ body, peer }) => {
      parts.attempts.take("link", "setup", peer);
      const ticket = await parts.accounts.findTicket("setup", hashSecret(body.token));
      if (ticket === undefined || parts.isSetUp()) throw linkOver();
      return { expiresAt: printTime(ticket.expiresAtMs) };
    },
    setUp: (call) => setUp(call, parts, signIns),
    signIn: (call) => signIn(call, parts, signIns),
    giveSecondFactor: (call) => giveSecondFactor(call, parts, signIns),
    signOut: async (call) => {
      const { caller, headers } = call;
      await parts.accounts.endSession(caller.user.id, caller.session);
      clearCookie(headers);
      await parts.audit.note(
        { actor: caller, action: "session.end", target: caller.user.name, result: "ok" },
        call,
      );
      return undefined;
    },
    stepUp: (call) => stepUp(call, parts, signIns),
    askReset: (call) => askReset(call, parts),
    reset: (call) => reset(call, parts, signIns),
  };
}

async function setUp(
  call: Call<"setUp">,
  parts: AccountParts,
  signIns: SignIns,
): Promise<SignInReply> {
  const { body, peer } = call;
  parts.attempts.take("link", "setup", peer);
  const hash = hashSecret(body.token);
  // Before anything is hashed: without the link nobody costs us a processor.
  const ticket = await parts.accounts.findTicket("setup", hash);
  if (ticket === undefined || parts.isSetUp()) throw linkOver();
  const name = readUserName(body.name);
  const mail = body.mail === undefined ? undefined : readMail(body.mail, parts);
  checkNewPassword(body.password, [name, mail, parts.settings.brandName()], "/password");
  const passwordHash = await hashing(parts.hasher.hash(body.password));
  const outcome = await parts.accounts.redeem("setup", hash, { name, passwordHash, mail });
  if (outcome.kind !== "made") throw linkOver();
  await parts.audit.note(
    { actor: name, action: "service.set-up", target: name, result: "ok" },
    call,
  );
  return signIns.signInAs(outcome.made.id, call);
}

export function linkOver(): Refusal {
  return new Refusal(410, "link-over", "The link does not hold any more.", {
    hint: "It was used, is too old, or a newer one took its place.",
  });
}

async function signIn(
  call: Call<"signIn">,
  parts: AccountParts,
  signIns: SignIns,
): Promise<SignInReply> {
  const { body, peer } = call;
  const account = await findByWord(body.name, parts);
  // One budget for an account under its name and its mail address; of an unknown one under what was written.
  const key = account?.name ?? body.name;
  parts.attempts.take("password", key, peer);
  const isRight = await hashing(parts.hasher.isRight(body.password, account?.passwordHash));
  if (account === undefined || !isRight) {
    await parts.audit.note(
      {
        actor: account?.name ?? "unknown",
        action: "session.begin",
        target: account?.name ?? "",
        result: "refused",
        detail: "password",
      },
      call,
    );
    throw wrong();
  }
  if (account.isSuspended) {
    const { name } = account;
    const entry = { actor: name, action: "session.begin", target: name, detail: "suspended" };
    await parts.audit.note({ ...entry, result: "refused" }, call);
    throw suspended();
  }
  parts.attempts.forgive("password", key, peer);
  if (isOutdated(account.passwordHash)) {
    await parts.accounts.rehashPassword(
      account.id,
      await hashing(parts.hasher.hash(body.password)),
    );
  }
  return signIns.passFirst(account, call);
}

/** The same for whom nobody knows and for a wrong password. */
function wrong(): Refusal {
  return new Refusal(401, "wrong-sign-in", "The name or the password is wrong.");
}

function findByWord(word: string, { accounts }: AccountParts): Promise<StoredAccount | undefined> {
  const text = word.trim();
  if (text.includes("@")) return accounts.findAccount({ mail: text });
  // One look-up more or less is nothing beside the hash; a name that cannot be is looked up all the same.
  return accounts.findAccount({ name: parseUserName(text) ?? "" });
}

async function giveSecondFactor(
  call: Call<"giveSecondFactor">,
  parts: AccountParts,
  signIns: SignIns,
): Promise<SignInReply> {
  const { ticket, method, code } = call.body;
  const pending = signIns.findPending(ticket);
  if (pending === undefined) throw staleTicket();
  const account = await parts.accounts.findAccount({ id: pending.user });
  if (account === undefined) throw staleTicket();
  await proveSecond(account, method, code, call, parts);
  return signIns.passSecond(ticket, call);
}

/** Attempts are counted by account, over all sessions and addresses (ASVS 6.6.3). */
async function proveSecond(
  account: StoredAccount,
  method: "totp" | "recovery-code",
  code: string,
  call: Call<"giveSecondFactor"> | Call<"stepUp">,
  parts: AccountParts,
): Promise<void> {
  parts.attempts.take("second-factor", account.name, call.peer);
  const isRight =
    method === "totp"
      ? await isTotpRight(account, code, parts)
      : await isRecoveryCodeRight(account, code, parts);
  if (!isRight) {
    await parts.audit.note(
      {
        actor: account.name,
        action: "session.begin",
        target: account.name,
        result: "refused",
        detail: method,
      },
      call,
    );
    throw new Refusal(401, "wrong-code", "The code is wrong, or was used already.", {
      hint:
        method === "totp"
          ? "Wait for the next one; look at the clock of the phone."
          : "Each is good once.",
    });
  }
  parts.attempts.forgive("second-factor", account.name, call.peer);
  if (method === "recovery-code") {
    await parts.audit.note(
      { actor: account.name, action: "recovery-code.use", target: account.name, result: "ok" },
      call,
    );
  }
}

/** The password, or a code where there is an app: one of them is enough, the session is there already. */
async function stepUp(
  call: Call<"stepUp">,
  parts: AccountParts,
  signIns: SignIns,
): Promise<undefined> {
  const { body, caller, peer } = call;
  const account = await parts.accounts.findAccount({ id: caller.user.id });
  if (account === undefined) throw staleTicket();
  if (body.password !== undefined) {
    parts.attempts.take("password", account.name, peer);
    if (!(await hashing(parts.hasher.isRight(body.password, account.passwordHash)))) {
      const entry = { actor: caller, action: "session.prove", target: account.name };
      await parts.audit.note({ ...entry, result: "refused", detail: "password" }, call);
      throw new Refusal(401, "wrong-password", "The password is wrong.");
    }
    parts.attempts.forgive("password", account.name, peer);
  } else if (body.code !== undefined) {
    const method = /^\d{6}$/.test(body.code.replaceAll(/\s/g, "")) ? "totp" : "recovery-code";
    await proveSecond(account, method, body.code, call, parts);
  } else {
    throw invalid("", "A password or a code is needed.");
  }
  const entry = { actor: caller, action: "session.prove", target: account.name };
  await parts.audit.note({ ...entry, result: "ok" }, call);
  await signIns.renew(call);
  return undefined;
}

async function askReset(
  call: Call<"askReset">,
  parts: AccountParts,
): Promise<Record<never, never>> {
  const mail = readMail(call.body.mail, parts);
  parts.attempts.take("mail", mail, call.peer);
  // Not waited for: how long it takes must not tell whether there is an account.
  void sendReset(mail, parts);
  return {};
}

async function sendReset(mail: string, parts: AccountParts): Promise<void> {
  const { accounts, mails, settings, chance, clock } = parts;
  const account = await accounts.findAccount({ mail });
  if (mails === undefined || account?.mailConfirmedAtMs === undefined || account.isSuspended)
    return;
  const { id, secret, hash } = makeSecretToken(chance);
  await accounts.addTicket({ id, hash, kind: "reset", user: account.id });
  await mails.send("reset", mail, {
    link: `${settings.publicUrl()}/#reset=${secret}`,
    until: printTime(clock.now() + ticketLifeMs.reset),
  });
}

async function reset(
  call: Call<"reset">,
  parts: AccountParts,
  signIns: SignIns,
): Promise<SignInReply> {
  const { body, peer } = call;
  parts.attempts.take("link", "reset", peer);
  const hash = hashSecret(body.token);
  const ticket = await parts.accounts.findTicket("reset", hash);
  const account =
    ticket?.user === undefined ? undefined : await parts.accounts.findAccount({ id: ticket.user });
  if (account === undefined) throw linkOver();
  checkNewPassword(
    body.password,
    [account.name, account.mail, parts.settings.brandName()],
    "/password",
  );
  const passwordHash = await hashing(parts.hasher.hash(body.password));
  if ((await parts.accounts.takeTicket("reset", hash)) === undefined) throw linkOver();
  await parts.audit.note(
    { actor: account.name, action: "password.reset", target: account.name, result: "ok" },
    call,
  );
  return signIns.passFirst(account, call, passwordHash);
}
