/**
 * ODS over TCP 7070, as ez-ipupdate and Comware's `ods://` speak it: a code of three digits in front of each line.
 *
 *   100   LOGIN user password → 225   DELRR host A → 901   ADDRR host A address|CONNIP → 795   QUIT → 299
 *
 * Clients take a host's address away and give it the new one right behind. A host that would be gone between the two
 * looks broken to whoever asks then, so what is taken away is gone only when nothing came in its place.
 */

import type { Credential } from "../../core/login.ts";
import type { HostOutcome, UpdateOutcome } from "../../core/update.ts";
import type { Address } from "../../base/address.ts";
import { makePresented } from "../credential.ts";
import { plainUpdate } from "../talk.ts";
import type { Said, Talk } from "../talk.ts";
import type { Service } from "../update-service.ts";

const adapter = "ods";

export function beginOds(service: Service, peer: Address): Talk {
  return new OdsTalk(service, peer);
}

class OdsTalk implements Talk {
  readonly greeting = "100 Nameward ready\r\n";
  readonly #service: Service;
  readonly #peer: Address;
  #credential: Credential | undefined;
  /** Hosts whose address was taken away and not given back yet. */
  readonly #pending = new Set<string>();

  constructor(service: Service, peer: Address) {
    this.#service = service;
    this.#peer = peer;
  }

  hear(line: string): Said | Promise<Said> {
    const [command = "", ...words] = line.trim().split(/[ \t]+/);
    switch (command.toUpperCase()) {
      case "LOGIN":
        return this.#login(words);
      case "DELRR":
        return this.#delete(words);
      case "ADDRR":
        return this.#add(words);
      case "QUIT":
        return this.#quit();
      default:
        return say(500, "unknown command");
    }
  }

  end(): void {
    void this.#takeAway();
  }

  async #login([username = "", password = ""]: readonly string[]): Promise<Said> {
    const presented = makePresented(username, password);
    if (presented.kind !== "credential") return last(530, "login incorrect");
    switch (await this.#service.checkCredential(presented.credential, this.#peer)) {
      case "ok":
        this.#credential = presented.credential;
        return say(225, "logged in");
      case "try-later":
        return last(421, "try again later");
      case "wrong":
        return last(530, "login incorrect");
    }
  }

  #delete([host = "", type = ""]: readonly string[]): Said {
    if (this.#credential === undefined) return say(530, "log in first");
    if (host === "" || !isAddressType(type)) return say(501, "DELRR host A");
    if (this.#pending.size === pendingMax) return last(550, "too many hosts");
    this.#pending.add(host);
    return say(901, "deleted");
  }

  async #add([host = "", type = "", address = "CONNIP"]: readonly string[]): Promise<Said> {
    if (this.#credential === undefined) return say(530, "log in first");
    if (host === "" || !isAddressType(type)) return say(501, "ADDRR host A address");
    const outcome = await this.#service.takeUpdate(
      plainUpdate({
        credential: this.#credential,
        hosts: [host],
        addresses: address.toUpperCase() === "CONNIP" ? [] : [address],
        peer: this.#peer,
        adapter,
      }),
    );
    const said = printOutcome(outcome);
    if (said === added) this.#pending.delete(host);
    return said;
  }

  async #quit(): Promise<Said> {
    await this.#takeAway();
    return last(299, "bye");
  }

  async #takeAway(): Promise<void> {
    const hosts = [...this.#pending];
    this.#pending.clear();
    if (hosts.length === 0) return;
    const { peer, credential } = { peer: this.#peer, credential: this.#credential };
    await this.#service.takeUpdate(
      plainUpdate({ credential, hosts, offline: true, peer, adapter }),
    );
  }
}

/** As many as one update may name. */
const pendingMax = 20;

function isAddressType(type: string): boolean {
  return /^(?:A|AAAA)$/i.test(type);
}

function printOutcome(outcome: UpdateOutcome): Said {
  switch (outcome.kind) {
    case "hosts":
      return printHost(outcome.hosts[0]!);
    case "try-later":
      return last(421, "try again later");
    case "no-credentials":
    case "bad-credentials":
      return last(530, "login incorrect");
    case "too-many-hosts":
      return say(501, "one host at a time");
  }
}

function printHost(outcome: HostOutcome): Said {
  switch (outcome.kind) {
    case "changed":
    case "unchanged":
      return added;
    case "unknown-host":
    case "not-a-full-name":
      return say(550, "no such host");
    case "bad-address":
      return say(501, "not an address");
    case "blocked":
      return say(553, "held");
  }
}

function say(code: number, words: string): Said {
  return { text: `${code} ${words}\r\n`, isLast: false };
}

function last(code: number, words: string): Said {
  return { text: `${code} ${words}\r\n`, isLast: true };
}

const added = say(795, "updated");
