/** From a proof to a session: cookies, tickets for the second factor, and what a session is now. */

import { BoundedMap } from "../base/bounded-map.ts";
import { hasSecondFactor } from "../core/accounts/account.ts";
import { makeSecretToken, hashSecret } from "../core/accounts/secret-token.ts";
import { isOver, isSeenDue, longestLife } from "../core/accounts/session.ts";
import { secondFactorDueMs } from "../core/accounts/second-factor-rule.ts";
import type { UserId } from "../core/user.ts";
import { accountReply } from "./account-parts.ts";
import type { AccountParts } from "./account-parts.ts";
import type { StoredAccount } from "../core/accounts/account-store.ts";
import type { Caller, Person } from "./caller.ts";
import type { ReplyOf, RouteName } from "./contract.ts";
import { csrfHeader, csrfOf } from "./csrf.ts";
import type { Call } from "./handler.ts";
import { sessionCookie } from "./identify.ts";
import { Refusal } from "./refusal.ts";

/** Half of a sign-in: the first factor was right. */
export interface Pending {
  readonly user: UserId;
  /** Of a reset: the password is set only when the second factor was right too. */
  readonly passwordHash: string | undefined;
}

type AnyCall = Pick<Call<RouteName>, "request" | "peer" | "requestId" | "headers"> & {
  readonly caller: Caller;
};
export type SignInReply = ReplyOf<"signIn">;

const pendingMs = 5 * 60_000;
/** Each was opened with a right password or a mail's link. */
const pendingMax = 10_000;
const secretShape = /^[1-9A-HJ-NP-Za-km-z]{44}$/;

export class SignIns {
  readonly #parts: AccountParts;
  readonly #pending = new BoundedMap<string, Pending & { readonly untilMs: number }>(pendingMax);

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /** For `identify`: who the cookie belongs to, unless the session is over. */
  async findSession(cookie: string): Promise<Person | undefined> {
    if (!secretShape.test(cookie)) return undefined;
    const { accounts, clock } = this.#parts;
    const found = await accounts.findSession(hashSecret(cookie));
    if (found === undefined || found.isSuspended) return undefined;
    const { session, user } = found;
    const nowMs = clock.now();
    if (isOver(session, user.isAdmin, nowMs)) {
      await accounts.endSession(user.id, session.id);
      return undefined;
    }
    if (isSeenDue(session, nowMs)) await accounts.touchSession(session.id);
    const { isAdmin } = user;
    const { hasSecondFactor, accountMadeAtMs: createdAtMs } = found;
    const role = this.#parts.settings.secondFactorFor();
    const dueMs = secondFactorDueMs({ isAdmin, hasSecondFactor, createdAtMs }, role);
    const isOverdue = dueMs !== undefined && dueMs <= nowMs;
    return {
      kind: "person",
      user,
      session: session.id,
      provedAtMs: session.provedAtMs,
      ...(isOverdue ? { mustEnrol: true } : {}),
    };
  }

  /** Whether it would let its person in now. Nobody did anything, so it is not seen. */
  async holds(cookie: string): Promise<boolean> {
    if (!secretShape.test(cookie)) return false;
    const { accounts, clock } = this.#parts;
    const found = await accounts.findSession(hashSecret(cookie));
    return (
      found !== undefined &&
      !found.isSuspended &&
      !isOver(found.session, found.user.isAdmin, clock.now())
    );
  }

  /** The first factor was right: the second is asked for, or the person is in. */
  async passFirst(
    account: StoredAccount,
    call: AnyCall,
    passwordHash?: string,
  ): Promise<SignInReply> {
    if (!hasSecondFactor(account)) {
      if (passwordHash !== undefined) {
        await this.#parts.accounts.setPassword(account.id, passwordHash);
      }
      return this.signInAs(account.id, call);
    }
    if (account.isSuspended) throw suspended();
    const ticket = makeSecretToken(this.#parts.chance);
    const untilMs = this.#parts.clock.monotonicMs() + pendingMs;
    this.#pending.set(ticket.secret, { user: account.id, passwordHash, untilMs });
    const methods: ("totp" | "passkey" | "recovery-code")[] = [];
    if (account.hasTotp) methods.push("totp");
    if (account.passkeys > 0) methods.push("passkey");
    if (account.recoveryCodesLeft > 0) methods.push("recovery-code");
    return { state: "second-factor", ticket: ticket.secret, methods };
  }

  findPending(ticket: string): Pending | undefined {
    const pending = this.#pending.find(ticket);
    if (pending === undefined) return undefined;
    if (pending.untilMs > this.#parts.clock.monotonicMs()) return pending;
    this.#pending.delete(ticket);
    return undefined;
  }

  /** The second factor was right. */
  async passSecond(ticket: string, call: AnyCall): Promise<SignInReply> {
    const pending = this.findPending(ticket);
    this.#pending.delete(ticket);
    if (pending === undefined) throw staleTicket();
    if (pending.passwordHash !== undefined) {
      await this.#parts.accounts.setPassword(pending.user, pending.passwordHash);
    }
    return this.signInAs(pending.user, call);
  }

  /** A new session, whatever the request came with (AT38); the one it came with ends. */
  async signInAs(user: UserId, call: AnyCall): Promise<SignInReply> {
    const { accounts, chance, settings, audit } = this.#parts;
    const account = await accounts.findAccount({ id: user });
    if (account === undefined || account.isSuspended) throw suspended();
    const { caller } = call;
    if (caller.kind === "person") await accounts.endSession(caller.user.id, caller.session);
    const { id, secret, hash } = makeSecretToken(chance);
    const userAgent = call.request.headers.get("user-agent") ?? "";
    await accounts.addSession({ id, hash, user, peer: call.peer.text, userAgent });
    setCookie(call.headers, secret);
    const { name, isAdmin } = account;
    const person = { id: user, name, isAdmin };
    const actor = { kind: "person", user: person, session: id, provedAtMs: 0 } as const;
    await audit.note({ actor, action: "session.begin", target: account.name, result: "ok" }, call);
    return { state: "signed-in", account: accountReply(account, settings) };
  }

  /** The same session under a new cookie, proved just now. */
  async renew(call: AnyCall & { readonly caller: Person }): Promise<void> {
    const { secret, hash } = makeSecretToken(this.#parts.chance);
    await this.#parts.accounts.renewSession(call.caller.session, hash);
    setCookie(call.headers, secret);
  }
}

function setCookie(headers: Headers, secret: string): void {
  const seconds = Math.floor(longestLife.wholeMs / 1_000);
  headers.append(
    "Set-Cookie",
    `${sessionCookie}=${secret}; Path=/; Max-Age=${seconds}; Secure; HttpOnly; SameSite=Lax`,
  );
  // A page that goes on without asking for the greeting again needs the token of its new cookie.
  headers.set(csrfHeader, csrfOf(secret));
}

export function clearCookie(headers: Headers): void {
  headers.append(
    "Set-Cookie",
    `${sessionCookie}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`,
  );
}

export function suspended(): Refusal {
  return new Refusal(403, "suspended", "The account is suspended.", {
    hint: "Whoever runs this service can say why.",
  });
}

export function staleTicket(): Refusal {
  return new Refusal(401, "ticket-over", "Signing in took too long.", {
    hint: "Begin again with the password.",
  });
}
