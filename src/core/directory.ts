/** Everything the service knows, in memory: zones, users, hosts and logins. Kept true by facts. */

import type { Fact } from "./fact.ts";
import { HostTable } from "./host-table.ts";
import type { HostId } from "./host.ts";
import type { Login, LoginId } from "./login.ts";
import type { User, UserId } from "./user.ts";
import type { Zone, ZoneId } from "./zone.ts";

export class Directory {
  readonly hosts: HostTable;
  readonly #zones = new Map<ZoneId, Zone>();
  readonly #users = new Map<UserId, User>();
  readonly #logins = new Map<string, Login>();
  readonly #usernames = new Map<LoginId, string>();

  /** `hashSeed`: see `HostTable`. */
  constructor(hashSeed: number) {
    this.hosts = new HostTable(hashSeed);
  }

  apply(fact: Fact): void {
    switch (fact.kind) {
      case "zone":
        if (fact.zone === undefined) this.#zones.delete(fact.id);
        else this.#zones.set(fact.id, fact.zone);
        break;
      case "user":
        if (fact.user === undefined) this.#users.delete(fact.id);
        else this.#users.set(fact.id, fact.user);
        break;
      case "host":
        if (fact.host === undefined) this.hosts.remove(fact.id);
        else this.hosts.set(fact.host);
        break;
      case "login":
        this.#applyLogin(fact.id, fact.login);
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

  findUser(id: UserId): User | undefined {
    return this.#users.get(id);
  }

  findLogin(username: string): Login | undefined {
    return this.#logins.get(username);
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
  hostsOf(login: Login): readonly HostId[] {
    if (login.hosts === "all-of-user") return [...this.hosts.ofUser(login.user)];
    return login.hosts.filter((id) => this.hosts.findName(id) !== undefined);
  }

  #applyLogin(id: LoginId, login: Login | undefined): void {
    const before = this.#usernames.get(id);
    if (before !== undefined) this.#logins.delete(before);
    if (login === undefined) {
      this.#usernames.delete(id);
      return;
    }
    this.#logins.set(login.username, login);
    this.#usernames.set(id, login.username);
  }
}
