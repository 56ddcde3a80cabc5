/** Passkeys: added by who is signed in, and signed in with, alone or behind a password. */

import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { BoundedMap } from "../../base/bounded-map.ts";
import { passkeysMax } from "../../core/accounts/passkey.ts";
import type { Passkey, PasskeyStore } from "../../core/accounts/passkey.ts";
import { makeSecretToken } from "../../core/accounts/secret-token.ts";
import { printTime } from "../account-parts.ts";
import type { AccountParts } from "../account-parts.ts";
import type { Call, Handlers } from "../handler.ts";
import { Refusal, notFound } from "../refusal.ts";
import { staleTicket } from "../sign-in.ts";
import type { SignInReply, SignIns } from "../sign-in.ts";
import { renewCodes } from "./account.ts";

/** What was begun: bound to the session or the ticket that began it, good once and for five minutes. */
type Ceremony = { readonly challenge: string; readonly untilMs: number } & (
  | { readonly kind: "add"; readonly session: string }
  | { readonly kind: "sign-in"; readonly ticket: string | undefined }
);

const ceremonyMs = 5 * 60_000;
/** Anybody may begin one; the oldest goes first. */
const ceremoniesMax = 10_000;

type PasskeyRoutes =
  | "listPasskeys"
  | "beginPasskey"
  | "endPasskey"
  | "removePasskey"
  | "beginPasskeySignIn"
  | "endPasskeySignIn";

export function passkeyHandlers(
  parts: AccountParts,
  passkeys: PasskeyStore,
  signIns: SignIns,
): Handlers<PasskeyRoutes> {
  const ceremonies = new BoundedMap<string, Ceremony>(ceremoniesMax);

  function keep(ceremony: Ceremony): string {
    const { secret } = makeSecretToken(parts.chance);
    ceremonies.set(secret, ceremony);
    return secret;
  }

  function takeCeremony(id: string): Ceremony {
    const ceremony = ceremonies.find(id);
    ceremonies.delete(id);
    if (ceremony === undefined || ceremony.untilMs <= parts.clock.monotonicMs()) {
      throw new Refusal(401, "ceremony-over", "That took too long.", { hint: "Begin again." });
    }
    return ceremony;
  }

  const untilMs = (): number => parts.clock.monotonicMs() + ceremonyMs;

  return {
    async listPasskeys({ caller }) {
      const items = (await passkeys.listPasskeys(caller.user.id)).map((passkey) => ({
        id: passkey.id,
        name: passkey.name,
        createdAt: printTime(passkey.createdAtMs),
        usedAt: passkey.usedAtMs === undefined ? null : printTime(passkey.usedAtMs),
      }));
      return { items };
    },

    async beginPasskey({ caller }) {
      const { rpId } = findParty(parts);
      const known = await passkeys.listPasskeys(caller.user.id);
      const options = await generateRegistrationOptions({
        rpName: parts.settings.brandName(),
        rpID: rpId,
        userName: caller.user.name,
        userID: new TextEncoder().encode(String(caller.user.id)),
        attestationType: "none",
        excludeCredentials: known.map(describe),
        authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
      });
      const { challenge } = options;
      const session = caller.session;
      const ceremony = keep({ kind: "add", challenge, session, untilMs: untilMs() });
      return { ceremony, options: { ...options } };
    },

    async endPasskey(call) {
      const { caller, body } = call;
      const ceremony = takeCeremony(body.ceremony);
      if (ceremony.kind !== "add" || ceremony.session !== caller.session) throw notRight();
      const credential = await readCredential(body.response, ceremony.challenge, parts);
      const added = await passkeys.addPasskey({
        id: credential.id,
        user: caller.user.id,
        name: body.name,
        publicKey: credential.publicKey,
        counter: credential.counter,
        transports: credential.transports ?? [],
      });
      if (added === "taken") throw new Refusal(409, "taken", "This passkey is there already.");
      if (added === "too-many") {
        throw new Refusal(409, "too-many", `There are ${passkeysMax} passkeys already.`);
      }
      const account = await parts.accounts.findAccount({ id: caller.user.id });
      const hasCodes = (account?.recoveryCodesLeft ?? 0) > 0;
      const recoveryCodes = hasCodes ? [] : [...(await renewCodes(caller.user.id, parts))];
      await note("user.passkey.add", call, parts, body.name);
      await parts.accounts.endSessions(caller.user.id, caller.session);
      await signIns.renew(call);
      return { id: credential.id, recoveryCodes };
    },

    async removePasskey(call) {
      const { caller, parameters } = call;
      const outcome = await passkeys.removePasskey(caller.user.id, parameters.id);
      if (outcome === "not-found") throw notFound();
      await note("user.passkey.remove", call, parts);
      await signIns.renew(call);
      return undefined;
    },

    async beginPasskeySignIn({ body }) {
      const { rpId } = findParty(parts);
      const { ticket } = body;
      const pending = ticket === undefined ? undefined : signIns.findPending(ticket);
      if (ticket !== undefined && pending === undefined) throw staleTicket();
      // Without a ticket nobody is named: which passkeys an account has is no business of strangers.
      const known = pending === undefined ? [] : await passkeys.listPasskeys(pending.user);
      const options = await generateAuthenticationOptions({
        rpID: rpId,
        allowCredentials: known.map(describe),
        userVerification: pending === undefined ? "required" : "preferred",
      });
      const { challenge } = options;
      const ceremony = keep({ kind: "sign-in", challenge, ticket, untilMs: untilMs() });
      return { ceremony, options: { ...options } };
    },

    async endPasskeySignIn(call) {
      const ceremony = takeCeremony(call.body.ceremony);
      if (ceremony.kind !== "sign-in") throw notRight();
      return endSignIn(call, ceremony.challenge, ceremony.ticket, parts, passkeys, signIns);
    },
  };
}

/** Alone it stands for both factors, so that its holder must have shown who they are; behind a password it is the second. */
async function endSignIn(
  call: Call<"endPasskeySignIn">,
  challenge: string,
  ticket: string | undefined,
  parts: AccountParts,
  passkeys: PasskeyStore,
  signIns: SignIns,
): Promise<SignInReply> {
  const response = call.body.response;
  const id = typeof response["id"] === "string" ? response["id"] : "";
  const passkey = await passkeys.findPasskey(id);
  const pending = ticket === undefined ? undefined : signIns.findPending(ticket);
  if (ticket !== undefined && pending === undefined) throw staleTicket();
  const account = passkey && (await parts.accounts.findAccount({ id: passkey.user }));
  // Who knows the password may use up the attempts of the account, and who knows nothing may not.
  if (pending !== undefined) {
    parts.attempts.take("second-factor", account?.name ?? "", call.peer);
  } else {
    parts.attempts.take("link", "passkey", call.peer);
  }
  const isRight =
    passkey !== undefined &&
    account !== undefined &&
    (pending === undefined || pending.user === passkey.user) &&
    (await isProved(passkey, response, challenge, pending === undefined, parts, passkeys));
  if (!isRight) {
    const actor = account?.name ?? "nobody";
    const entry = { actor, action: "session.begin", target: actor, detail: "passkey" };
    await parts.audit.note({ ...entry, result: "refused" }, call);
    throw notRight();
  }
  if (pending !== undefined) parts.attempts.forgive("second-factor", account.name, call.peer);
  return ticket === undefined
    ? signIns.signInAs(account.id, call)
    : signIns.passSecond(ticket, call);
}

async function isProved(
  passkey: Passkey,
  response: Readonly<Record<string, unknown>>,
  expectedChallenge: string,
  requireUserVerification: boolean,
  parts: AccountParts,
  passkeys: PasskeyStore,
): Promise<boolean> {
  const { origin, rpId } = findParty(parts);
  const { id, publicKey, counter } = passkey;
  const known = { id, publicKey: new Uint8Array(publicKey), counter };
  const given = response as unknown as AuthenticationResponseJSON; // whatever it is, the library looks at every part
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: given,
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      credential: known,
      requireUserVerification,
    });
    return verified && (await passkeys.usePasskey(passkey.id, authenticationInfo.newCounter));
  } catch {
    return false; // it throws for everything that is not as it must be
  }
}

async function readCredential(
  response: Readonly<Record<string, unknown>>,
  expectedChallenge: string,
  parts: AccountParts,
) {
  const { origin, rpId } = findParty(parts);
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: response as unknown as RegistrationResponseJSON, // whatever it is, the library looks at every part
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: false,
    });
    if (verified && registrationInfo !== undefined) return registrationInfo.credential;
  } catch {
    // It throws for everything that is not as it must be.
  }
  throw notRight();
}

/** A passkey belongs to a name (WebAuthn §5.1.2): where people come by address there are none. */
function findParty({ settings }: AccountParts): { readonly origin: string; readonly rpId: string } {
  const { origin, hostname } = new URL(settings.publicUrl());
  if (!/^(?:\d+\.){3}\d+$|^\[/.test(hostname)) return { origin, rpId: hostname };
  throw new Refusal(
    409,
    "no-name",
    "Passkeys need a name, and this service is called by address.",
    {
      hint: "The operator sets publicUrl to the URL with its name.",
    },
  );
}

function describe({ id, transports }: Passkey) {
  return { id, transports: [...transports] as AuthenticatorTransport[] };
}

/** One sentence, whatever was wrong. */
function notRight(): Refusal {
  return new Refusal(401, "wrong-passkey", "The passkey was not taken.", { hint: "Begin again." });
}

async function note(
  action: string,
  call: Call<"endPasskey"> | Call<"removePasskey">,
  parts: AccountParts,
  detail = "",
): Promise<void> {
  const { caller } = call;
  const entry = { actor: caller, action, target: caller.user.name, detail };
  await parts.audit.note({ ...entry, result: "ok" }, call);
}
