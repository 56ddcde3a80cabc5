/** Accounts that people make for themselves: by invitation, or where sign-up is open. */

import { hashSecret, makeSecretToken } from "../../core/accounts/secret-token.ts";
import { ticketLifeMs } from "../../core/accounts/ticket.ts";
import {
  accountReply,
  checkNewPassword,
  hashing,
  printTime,
  readMail,
  readUserName,
} from "../account-parts.ts";
import type { AccountParts } from "../account-parts.ts";
import type { Call, Handlers } from "../handler.ts";
import { Refusal } from "../refusal.ts";
import type { SignInReply, SignIns } from "../sign-in.ts";
import { linkOver } from "./sign-in.ts";

export function signUpHandlers(
  parts: AccountParts,
  signIns: SignIns,
): Handlers<"signUp" | "confirmMail" | "checkInvitation" | "acceptInvitation"> {
  return {
    signUp: (call) => signUp(call, parts),
    confirmMail: (call) => confirmMail(call, parts, signIns),
    checkInvitation: async ({ body, peer }) => {
      parts.attempts.take("link", "invitation", peer);
      const ticket = await findInvitation(body.token, parts);
      return {
        mail: ticket.mail ?? null,
        role: ticket.isAdmin ? "admin" : "user",
        expiresAt: printTime(ticket.expiresAtMs),
      };
    },
    acceptInvitation: (call) => acceptInvitation(call, parts, signIns),
  };
}

async function findInvitation(token: string, { accounts }: AccountParts) {
  const ticket = await accounts.findTicket("invitation", hashSecret(token));
  if (ticket === undefined) throw linkOver();
  return ticket;
}

/** The same for a name or an address that is taken: the mail says what can be done. */
async function signUp(call: Call<"signUp">, parts: AccountParts): Promise<Record<never, never>> {
  const { body, peer } = call;
  const { settings, mails, attempts, hasher } = parts;
  if (settings.signUp() !== "open" || mails === undefined || !parts.isSetUp()) {
    throw new Refusal(403, "sign-up-closed", "Nobody can sign up here without an invitation.");
  }
  const name = readUserName(body.name);
  const mail = readMail(body.mail, parts);
  attempts.take("mail", mail, peer);
  checkNewPassword(body.password, [name, mail, settings.brandName()], "/password");
  const passwordHash = await hashing(hasher.hash(body.password));
  // Not waited for: how long it takes must not tell what is there.
  void askForAccount({ name, mail, passwordHash }, parts);
  return {};
}

async function askForAccount(
  wanted: { readonly name: string; readonly mail: string; readonly passwordHash: string },
  { accounts, mails, chance, clock, settings }: AccountParts,
): Promise<void> {
  const { name, mail, passwordHash } = wanted;
  const there = await accounts.findAccount({ mail });
  if (there?.mailConfirmedAtMs !== undefined) {
    await mails?.send("alreadyThere", mail, {});
    return;
  }
  const { id, secret, hash } = makeSecretToken(chance);
  await accounts.addTicket({ id, hash, kind: "sign-up", mail, wanted: { name, passwordHash } });
  await mails?.send("confirmMail", mail, {
    link: `${settings.publicUrl()}/#confirm=${secret}`,
    until: printTime(clock.now() + ticketLifeMs["sign-up"]),
  });
}

/** One link confirms a new account, or the new address of one that is there. */
async function confirmMail(
  call: Call<"confirmMail">,
  parts: AccountParts,
  signIns: SignIns,
): Promise<SignInReply> {
  const { accounts, attempts, audit } = parts;
  attempts.take("link", "confirm", call.peer);
  const hash = hashSecret(call.body.token);
  const ticket = await accounts.findTicket("sign-up", hash);
  if (ticket?.wanted !== undefined) {
    const outcome = await accounts.redeem("sign-up", hash, { ...ticket.wanted, mail: ticket.mail });
    if (outcome.kind === "taken") throw nameTaken("Sign up once more, with another.");
    if (outcome.kind === "refused") throw linkOver();
    const { id, name } = outcome.made;
    await audit.note(
      { actor: name, action: "account.add", target: name, result: "ok", detail: "sign-up" },
      call,
    );
    return signIns.signInAs(id, call);
  }
  // It went to an address that nobody confirmed: who only has the link is not let in.
  const { caller } = call;
  const change = await accounts.findTicket("change-mail", hash);
  if (change === undefined) throw linkOver();
  if (caller.kind !== "person" || caller.user.id !== change.user) {
    throw new Refusal(401, "not-signed-in", "Sign in first, then open the link once more.");
  }
  const outcome = await accounts.confirmMail(hash);
  if (outcome.kind !== "made") throw linkOver();
  const { id, name } = outcome.made;
  await audit.note({ actor: caller, action: "mail.confirm", target: name, result: "ok" }, call);
  const account = await accounts.findAccount({ id });
  if (account === undefined) throw linkOver();
  return { state: "signed-in", account: accountReply(account, parts.settings) };
}

function nameTaken(hint: string): Refusal {
  return new Refusal(409, "name-taken", "The name is taken.", { hint });
}

async function acceptInvitation(
  call: Call<"acceptInvitation">,
  parts: AccountParts,
  signIns: SignIns,
): Promise<SignInReply> {
  const { body, peer } = call;
  parts.attempts.take("link", "invitation", peer);
  const ticket = await findInvitation(body.token, parts);
  const name = readUserName(body.name);
  const mail = body.mail === undefined ? ticket.mail : readMail(body.mail, parts);
  checkNewPassword(body.password, [name, mail, parts.settings.brandName()], "/password");
  const passwordHash = await hashing(parts.hasher.hash(body.password));
  const hash = hashSecret(body.token);
  const outcome = await parts.accounts.redeem("invitation", hash, { name, passwordHash, mail });
  if (outcome.kind === "taken") throw nameTaken("Choose another; the invitation still holds.");
  if (outcome.kind === "refused") throw linkOver();
  const { id } = outcome.made;
  await parts.audit.note(
    { actor: name, action: "account.add", target: name, result: "ok", detail: "invitation" },
    call,
  );
  return signIns.signInAs(id, call);
}
