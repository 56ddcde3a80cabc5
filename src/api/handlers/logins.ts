/** Device logins: who may set addresses of which hosts, and what each did last. */

import { parseCidr } from "../../base/address.ts";
import { makeSecretText } from "../../base/chance.ts";
import { parseHostName } from "../../core/host-name.ts";
import type { HostId } from "../../core/host.ts";
import { makeProof } from "../../core/login-proof.ts";
import { findUsernameFault, loginOctetsMax } from "../../core/login.ts";
import type { Login } from "../../core/login.ts";
import { makeVerifier } from "../../core/verifier.ts";
import type { ReplyOf } from "../contract.ts";
import type { Call, Handlers } from "../handler.ts";
import type { HostParts } from "../host-parts.ts";
import { mayTouch } from "../may-touch.ts";
import { Refusal, invalid, notFound } from "../refusal.ts";

type LoginReply = ReplyOf<"addLogin">["login"];

/** Short enough for the fields of old cameras, and 117 bits. */
export const usernameCharacters = 8;
export const passwordCharacters = 20;

export function loginHandlers(
  parts: HostParts,
): Handlers<"listLogins" | "addLogin" | "deleteLogin"> {
  return {
    async listLogins({ caller, query }) {
      const all = await parts.logins.listLogins(caller.user.isAdmin ? undefined : caller.user.id);
      const host = query.host === undefined ? undefined : findHost(query.host, parts);
      if (query.host !== undefined && host === undefined) return { items: [], next: null };
      const after = query.after === undefined ? 0 : Number(query.after);
      if (!Number.isSafeInteger(after)) throw invalid("/query/after", "No place in this list.");
      const wanted = all.filter(
        (login) =>
          login.id > after &&
          mayTouch(caller, "logins:read", { owner: login.user }) &&
          (host === undefined || isFor(login, host, parts)),
      );
      const page = wanted.slice(0, query.limit);
      const next = wanted.length > page.length ? String(page.at(-1)!.id) : null;
      return { items: page.map((login) => toReply(login, parts)), next };
    },
    addLogin: (call) => addLogin(call, parts),
    async deleteLogin(call) {
      const all = await parts.logins.listLogins();
      const login = all.find(({ id }) => String(id) === call.parameters.id);
      if (login === undefined || !mayTouch(call.caller, "logins:write", { owner: login.user })) {
        throw notFound();
      }
      await parts.logins.removeLogin(login.username);
      const target = printOctets(login.username);
      await parts.audit.note(
        { actor: call.caller, action: "login.revoke", target, result: "ok" },
        call,
      );
      return undefined;
    },
  };
}

async function addLogin(call: Call<"addLogin">, parts: HostParts): Promise<ReplyOf<"addLogin">> {
  const { caller, body } = call;
  const hosts =
    body.hosts === "all"
      ? ("all-of-user" as const)
      : body.hosts.map((name) => ownHost(name, call, parts));
  const user = hosts === "all-of-user" ? caller.user.id : ownerOf(hosts, parts);
  if (!mayTouch(caller, "logins:write", { owner: user })) throw notFound();
  const { logins: loginsMax } = await parts.quotaOf(caller.user);
  if ((await parts.logins.listLogins(user)).length >= loginsMax) {
    throw new Refusal(
      409,
      "quota",
      `The account may have ${loginsMax} device logins, and has them.`,
      {
        hint: "Revoke one that is not used any more.",
      },
    );
  }
  const username = toOctets(body.username ?? makeSecretText(parts.chance, usernameCharacters));
  const fault = findUsernameFault(username);
  if (fault !== undefined) throw invalid("/username", fault);
  const password = body.password ?? makeSecretText(parts.chance, passwordCharacters);
  const octets = toOctets(password);
  if (octets.length > loginOctetsMax)
    throw invalid("/password", `At most ${loginOctetsMax} octets.`);
  const proofs = await Promise.all(
    [...new Set(body.accepts)].map((kind) =>
      makeProof(kind, { username, password: octets }, parts),
    ),
  );
  const from = body.from.map((text, index) => {
    const cidr = parseCidr(text);
    if (cidr === undefined) throw invalid(`/from/${index}`, "Not a network.", "As 192.0.2.0/24.");
    return cidr;
  });
  const defaultHost =
    body.defaultHost === undefined ? undefined : ownHost(body.defaultHost, call, parts);
  const outcome = await parts.logins.addLogin({
    user,
    username,
    verifier: makeVerifier(parts.pepper, username, octets),
    hosts,
    proofs,
    scope: body.scope,
    from,
    ...(defaultHost === undefined ? {} : { defaultHost }),
  });
  if (outcome.kind === "taken")
    throw new Refusal(409, "taken", "The user name is taken.", {
      hint: "Choose another, or let one be made.",
    });
  if (outcome.kind === "refused") throw new Refusal(409, "refused", outcome.why);
  const target = printOctets(username);
  await parts.audit.note({ actor: caller, action: "login.add", target, result: "ok" }, call);
  return { login: toReply(outcome.made, parts), password };
}

function findHost(text: string, { directory }: HostParts): HostId | undefined {
  const name = parseHostName(text);
  return name === undefined ? undefined : directory.hosts.find(name);
}

function ownHost(text: string, { caller }: Call<"addLogin">, parts: HostParts): HostId {
  const id = findHost(text, parts);
  const { directory } = parts;
  if (id !== undefined) {
    const zone = directory.findZone(directory.hosts.zone(id))?.apex ?? "";
    const subject = { owner: directory.hosts.user(id), zone, name: directory.hosts.getName(id) };
    if (mayTouch(caller, "logins:write", subject)) return id;
  }
  throw invalid("/hosts", `There is no host ${text} of yours.`);
}

/** A login is one account's, so its hosts are. */
function ownerOf(hosts: readonly HostId[], { directory }: HostParts): number {
  const owners = new Set(hosts.map((id) => directory.hosts.user(id)));
  if (owners.size !== 1) throw invalid("/hosts", "All hosts of a login belong to one account.");
  return [...owners][0]!;
}

function isFor(login: Login, host: HostId, { directory }: HostParts): boolean {
  return directory.mayUpdate(login, host);
}

function toReply(login: Login, parts: HostParts): LoginReply {
  const { directory } = parts;
  const nameOf = (id: HostId): string[] => {
    const name = directory.hosts.findName(id);
    return name === undefined ? [] : [name];
  };
  const use = parts.loginUses.find(login.id);
  const hosts = login.hosts === "all-of-user" ? ("all" as const) : login.hosts.flatMap(nameOf);
  return {
    id: String(login.id),
    username: printOctets(login.username),
    owner: parts.userName(login.user),
    hosts,
    scope: login.scope,
    accepts: login.proofs.map(({ kind }) => kind),
    from: login.from.map(({ text }) => text),
    defaultHost: login.defaultHost === undefined ? null : (nameOf(login.defaultHost)[0] ?? null),
    createdAt: null,
    usedAt: use === undefined ? null : new Date(use.atMs).toISOString(),
    usedBy: use?.device || null,
    sentence: describe(login, hosts),
  };
}

/** "May set addresses of cam-garage.dyn.example.net, from 203.0.113.0/24." */
function describe({ scope, from }: Login, hosts: LoginReply["hosts"]): string {
  const what =
    scope === "challenges" ? "May set certificate challenges of" : "May set addresses of";
  const which =
    hosts === "all"
      ? "all hosts of its account, those to come included"
      : hosts.length === 0
        ? "no host any more"
        : hosts.length <= 3
          ? hosts.join(", ")
          : `${hosts.slice(0, 2).join(", ")} and ${hosts.length - 2} more hosts`;
  const where = from.length === 0 ? "" : `, from ${from.map(({ text }) => text).join(", ")}`;
  return `${what} ${which}${where}.`;
}

/** Octets as they come off the wire, one character each, and back. */
export function toOctets(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
function printOctets(octets: string): string {
  return Buffer.from(octets, "latin1").toString("utf8");
}
