/** What an administrator does with the accounts of others, and invitations. */

import { hasSecondFactor, quotaOf } from "../../core/accounts/account.ts";
import type { Account } from "../../core/accounts/account.ts";
import { makeSecretToken } from "../../core/accounts/secret-token.ts";
import type { Ticket } from "../../core/accounts/ticket.ts";
import { printTime, readMail } from "../account-parts.ts";
import type { AccountParts } from "../account-parts.ts";
import { accountStates } from "../../core/accounts/account-store.ts";
import type { AccountFilter, StoredAccount } from "../../core/accounts/account-store.ts";
import type { ReplyOf } from "../contract.ts";
import type { Call, Handlers } from "../handler.ts";
import { invalid, notFound, Refusal } from "../refusal.ts";
import { graceMs, lastAdmin } from "./account.ts";

export function userHandlers(
  parts: AccountParts,
): Handlers<
  | "listUsers"
  | "getUser"
  | "changeUser"
  | "endUserSessions"
  | "removeSecondFactors"
  | "deleteUser"
  | "keepUser"
  | "listInvitations"
  | "invite"
  | "takeBackInvitation"
> {
  const { accounts, clock, audit } = parts;
  const find = async (name: string): Promise<StoredAccount> => {
    const account = await accounts.findAccount({ name });
    if (account === undefined) throw notFound();
    return account;
  };
  return {
    listUsers: async ({ query }) => {
      const { after, limit, q = "" } = query;
      const found = await accounts.listAccounts({ ...readUserFilter(q), after, limit: limit + 1 });
      const items = found.slice(0, limit);
      return {
        items: items.map((account) => userReply(account, parts)),
        next: found.length > limit ? items.at(-1)!.name : null,
      };
    },
    getUser: async ({ parameters }) => userReply(await find(parameters.name), parts),
    changeUser: async (call) => {
      const { id, name } = await find(call.parameters.name);
      const { role, isSuspended, quota } = call.body;
      if (isSuspended === true && id === call.caller.user.id) {
        throw new Refusal(409, "own-account", "Nobody suspends the own account.");
      }
      const isAdmin = role === undefined ? undefined : role === "admin";
      const outcome = await accounts.changeAccount(id, { isAdmin, isSuspended, quota });
      if (outcome === "not-found") throw notFound();
      if (outcome === "last-admin") throw lastAdmin();
      await audit.note(
        {
          actor: call.caller,
          action: "account.change",
          target: name,
          result: "ok",
          detail: JSON.stringify(call.body),
        },
        call,
      );
      return userReply(await find(name), parts);
    },
    endUserSessions: async (call) => {
      const { id, name } = await find(call.parameters.name);
      await accounts.endSessions(id);
      await note("session.end-all", name, call);
      return undefined;
    },
    removeSecondFactors: async (call) => {
      const { id, name } = await find(call.parameters.name);
      await accounts.removeSecondFactors(id);
      await note("second-factor.remove", name, call);
      return undefined;
    },
    deleteUser: async (call) => {
      const { id, name } = await find(call.parameters.name);
      const deletesAtMs = clock.now() + graceMs;
      const outcome = await accounts.setDeletion(id, deletesAtMs);
      if (outcome === "not-found") throw notFound();
      if (outcome === "last-admin") throw lastAdmin();
      await note("account.delete", name, call);
      return { deletesAt: printTime(deletesAtMs) };
    },
    keepUser: async (call) => {
      const { id, name } = await find(call.parameters.name);
      const outcome = await accounts.setDeletion(id, undefined);
      if (outcome === "not-found") throw notFound();
      await note("account.keep", name, call);
      return undefined;
    },

    listInvitations: async () => {
      const tickets = await accounts.listInvitations();
      return { items: await Promise.all(tickets.map((ticket) => invitationReply(ticket, parts))) };
    },
    invite: (call) => invite(call, parts),
    takeBackInvitation: async (call) => {
      const outcome = await accounts.removeInvitation(call.parameters.id);
      if (outcome === "not-found") throw notFound();
      await note("invitation.take-back", call.parameters.id, call);
      return undefined;
    },
  };

  async function note(
    action: string,
    target: string,
    call: Pick<Call<"endUserSessions">, "caller" | "peer" | "requestId">,
  ): Promise<void> {
    await audit.note({ actor: call.caller, action, target, result: "ok" }, call);
  }
}

/** `state:suspended role:admin bo`: a filter may be begun only; the rest is looked for in name and mail address. */
function readUserFilter(q: string): AccountFilter {
  const words = q.split(/\s+/).filter((word) => word !== "");
  const valueOf = (field: string): string | undefined =>
    words.find((word) => word.startsWith(`${field}:`))?.slice(field.length + 1);
  const written = valueOf("state");
  const role = valueOf("role");
  const state = written && accountStates.find((known) => known.startsWith(written));
  if (written !== undefined && state === undefined) {
    throw invalid("/query/q", `Wanted: state: with one of ${accountStates.join(", ")}.`);
  }
  if (role !== undefined && !["admin", "user"].some((known) => known.startsWith(role))) {
    throw invalid("/query/q", "Wanted: role: with admin or user.");
  }
  return {
    text: words.filter((word) => !/^(state|role):/.test(word)).join(" "),
    state: state || undefined,
    isAdmin: role === undefined || role === "" ? undefined : "admin".startsWith(role),
  };
}

function userReply(account: Account, { settings }: AccountParts): ReplyOf<"getUser"> {
  const { deletesAtMs, quota } = account;
  const isDeleting = deletesAtMs !== undefined;
  return {
    name: account.name,
    mail: account.mail ?? null,
    role: account.isAdmin ? "admin" : "user",
    state: account.isSuspended ? "suspended" : isDeleting ? "deleting" : "active",
    hasSecondFactor: hasSecondFactor(account),
    hosts: account.used.hosts,
    logins: account.used.logins,
    tokens: account.used.tokens,
    quota: quotaOf(account, settings.usualQuota()),
    ownQuota: {
      hosts: quota.hosts ?? null,
      logins: quota.logins ?? null,
      tokens: quota.tokens ?? null,
    },
    createdAt: printTime(account.createdAtMs),
    seenAt: account.seenAtMs === undefined ? null : printTime(account.seenAtMs),
    deletesAt: deletesAtMs === undefined ? null : printTime(deletesAtMs),
  };
}

async function invitationReply(
  ticket: Ticket,
  { accounts }: AccountParts,
): Promise<ReplyOf<"invite">["invitation"]> {
  const by =
    ticket.createdBy === undefined
      ? undefined
      : await accounts.findAccount({ id: ticket.createdBy });
  return {
    id: ticket.id,
    mail: ticket.mail ?? null,
    role: ticket.isAdmin ? "admin" : "user",
    by: by?.name ?? "somebody",
    createdAt: printTime(ticket.createdAtMs),
    expiresAt: printTime(ticket.expiresAtMs),
  };
}

async function invite(call: Call<"invite">, parts: AccountParts): Promise<ReplyOf<"invite">> {
  const { caller, body } = call;
  const mail = body.mail === undefined ? undefined : readMail(body.mail, parts);
  const { id, secret, hash } = makeSecretToken(parts.chance);
  const isAdmin = body.role === "admin";
  const outcome = await parts.accounts.addTicket({
    id,
    hash,
    kind: "invitation",
    isAdmin,
    createdBy: caller.user.id,
    ...(mail === undefined ? {} : { mail }),
  });
  if (outcome.kind !== "made") throw new Error("An invitation could not be made");
  const link = `${parts.settings.publicUrl()}/#invitation=${secret}`;
  const invitation = await invitationReply(outcome.made, parts);
  const isMailed = mail !== undefined && parts.mails !== undefined;
  if (isMailed) {
    const until = invitation.expiresAt;
    await parts.mails?.send("invitation", mail, { by: caller.user.name, link, until });
  }
  await parts.audit.note(
    {
      actor: caller,
      action: "invitation.make",
      target: mail ?? id,
      result: "ok",
      detail: body.role,
    },
    call,
  );
  return { invitation, link, isMailed };
}
