/** Everything the service knows, in memory: zones, users, hosts and logins. Kept true by facts. */

import type { Fact } from "./fact.ts";
import { HostTable } from "./host-table.ts";
import type { Host, HostId } from "./host.ts";
import { InterfaceIdentifiers } from "./interface-identifier.ts";
import type { InterfaceIdentifier } from "./interface-identifier.ts";
import type { Login, LoginId, LoginProof } from "./login.ts";
import type { User, UserId } from "./user.ts";
import type { Zone, ZoneId } from "./zone.ts";

export class Directory {
  readonly hosts: HostTable;
  readonly #zones = new Map<ZoneId, Zone>();
  /** The few in which somebody may sign up. */
  readonly #openZones = new Map<ZoneId, Zone>();
  readonly #users = new Map<UserId, User>();
  readonly #logins = new Map<string, Login>();
  readonly #usernames = new Map<LoginId, string>();
  /**
   * Only of logins with proofs, by verifier as text. A verifier is a keyed hash, so how long it takes to look one up
   * tells nothing about a secret.
   */
  readonly #loginsByProof = new Map<string, Login[]>();
  readonly #identifiers = new InterfaceIdentifiers();
  /** Of the hosts that have any just now. */
  readonly #challenges = new Map<HostId, readonly string[]>();

  /** `hashSeed`: see `HostTable`. */
  constructor(hashSeed: number) {
    this.hosts = new HostTable(hashSeed);
  }

  apply(fact: Fact): void {
    switch (fact.kind) {
      case "zone":
        this.#applyZone(fact.id, fact.zone);
        break;
      case "user":
        if (fact.user === undefined) this.#users.delete(fact.id);
        else this.#users.set(fact.id, fact.user);
        break;
      case "host":
        this.#applyHost(fact.id, fact.host);
        break;
      case "login":
        this.#applyLogin(fact.id, fact.login);
        break;
      case "interface":
        this.#applyInterface(fact.host, fact.identifier);
        break;
      case "challenges":
        if (fact.challenges.length === 0) this.#challenges.delete(fact.host);
        else this.#challenges.set(fact.host, fact.challenges);
        break;
      case "records":
      case "keys":
      case "adapter":
        break; // what the zone answers, who signs it and what requests look like is not this table's business
    }
  }

  findZone(id: ZoneId): Zone | undefined {
    return this.#zones.get(id);
  }

  zones(): IterableIterator<Zone> {
    return this.#zones.values();
  }

  /** Those with openings. */
  openZones(): IterableIterator<Zone> {
    return this.#openZones.values();
  }

  findUser(id: UserId): User | undefined {
    return this.#users.get(id);
  }

  findLogin(username: string): Login | undefined {
    return this.#logins.get(username);
  }

  /** Those that accept a secret that stands alone; see `makeProofVerifier`. */
  findLoginsByProof(verifier: Uint8Array): readonly Login[] {
    return this.#loginsByProof.get(proofKey(verifier)) ?? [];
  }

  /** How much there is of everything, for metrics and the status page. */
  sizes(): { zones: number; users: number; hosts: number; logins: number } {
    return {
      zones: this.#zones.size,
      users: this.#users.size,
      hosts: this.hosts.size,
      logins: this.#logins.size,
    };
  }

  mayUpdate(login: Login, host: HostId): boolean {
    if (login.hosts === "all-of-user") return this.hosts.user(host) === login.user;
    return login.hosts.includes(host);
  }

  /** The hosts a login may update, those that are gone left out. */
  *hostsOf(login: Login): Generator<HostId> {
    if (login.hosts === "all-of-user") yield* this.hosts.ofUser(login.user);
    else for (const id of login.hosts) if (this.hosts.findName(id) !== undefined) yield id;
  }

  #applyZone(id: ZoneId, zone: Zone | undefined): void {
    if (zone === undefined) this.#zones.delete(id);
    else this.#zones.set(id, zone);
    if (zone?.openings === undefined) this.#openZones.delete(id);
    else this.#openZones.set(id, zone);
  }

  findIdentifier(host: HostId): InterfaceIdentifier | undefined {
    return this.#identifiers.find(host);
  }

  /** The hosts a login may update that have an interface identifier. */
  identifiedHostsOf(login: Login): readonly HostId[] {
    if (login.hosts === "all-of-user") return [...this.#identifiers.ofUser(login.user)];
    return login.hosts.filter((id) => this.#identifiers.find(id) !== undefined);
  }

  /** The texts at its `_acme-challenge`, the oldest first. */
  challengesOf(host: HostId): readonly string[] {
    return this.#challenges.get(host) ?? noChallenges;
  }

  #applyHost(id: HostId, host: Host | undefined): void {
    const identifier = this.#identifiers.find(id);
    if (host === undefined) {
      this.hosts.remove(id);
      this.#identifiers.delete(id);
      this.#challenges.delete(id);
      return;
    }
    this.hosts.set(host);
    if (identifier !== undefined) this.#identifiers.set(id, host.user, identifier);
  }

  #applyInterface(host: HostId, identifier: InterfaceIdentifier | undefined): void {
    // A host that is gone is told as gone, before or behind this.
    const isThere = this.hosts.findName(host) !== undefined;
    if (identifier === undefined || !isThere) this.#identifiers.delete(host);
    else this.#identifiers.set(host, this.hosts.user(host), identifier);
  }

  #applyLogin(id: LoginId, login: Login | undefined): void {
    const before = this.#usernames.get(id);
    if (before !== undefined) {
      this.#removeProofs(id, this.#logins.get(before)?.proofs ?? []);
      this.#logins.delete(before);
    }
    if (login === undefined) {
      this.#usernames.delete(id);
      return;
    }
    this.#logins.set(login.username, login);
    this.#usernames.set(id, login.username);
    for (const proof of login.proofs) {
      if (proof.kind === "gnudip") continue; // found by user name
      const key = proofKey(proof.verifier);
      const sharing = this.#loginsByProof.get(key);
      if (sharing === undefined) this.#loginsByProof.set(key, [login]);
      else sharing.push(login);
    }
  }

  #removeProofs(id: LoginId, proofs: readonly LoginProof[]): void {
    for (const proof of proofs) {
      if (proof.kind === "gnudip") continue;
      const key = proofKey(proof.verifier);
      const left = (this.#loginsByProof.get(key) ?? []).filter((login) => login.id !== id);
      if (left.length === 0) this.#loginsByProof.delete(key);
      else this.#loginsByProof.set(key, left);
    }
  }
}

function proofKey(verifier: Uint8Array): string {
  return Buffer.from(verifier.buffer, verifier.byteOffset, verifier.byteLength).toString("latin1");
}

const noChallenges: readonly string[] = [];
