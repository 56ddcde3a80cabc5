/** Devices and programs that sign up by themselves: what an open zone gives to whom. */

import { parseAddress, parseCidr } from "../base/address.ts";
import type { Cidr } from "../base/address.ts";
import { unreachable } from "../base/assert.ts";
import type { Chance } from "../base/chance.ts";
import type { Clock } from "../base/clock.ts";
import { makeBucket, take } from "../base/token-bucket.ts";
import type { BucketRule, TokenBucket } from "../base/token-bucket.ts";
import { decideAddresses, parseAsked } from "./decide-addresses.ts";
import type { Directory } from "./directory.ts";
import type { Enrolled, Enrolment } from "./enrolment.ts";
import { parseHostName } from "./host-name.ts";
import type { HostName } from "./host-name.ts";
import type { HostId } from "./host.ts";
import type { Login } from "./login.ts";
import type { Receipt } from "./receipt.ts";
import type { Registration, RegistrationOrigin, RegistrationOutcome } from "./registration.ts";
import { isReserved } from "./reserved-label.ts";
import type { UpdateOutcome, UpdateRequest } from "./update.ts";
import { makeProofVerifier, makeVerifier, passwordCharactersMax } from "./verifier.ts";
import type { OpeningKind, Zone, ZoneId } from "./zone.ts";

export interface RegistrarParts {
  readonly directory: Directory;
  readonly pepper: Uint8Array;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Durable, and known in the directory, when it resolves; as is `withdraw`. */
  enrol(enrolment: Enrolment): Promise<Enrolled>;
  /** Takes a login away and all of its hosts. */
  withdraw(username: string): Promise<"withdrawn" | "not-found">;
  takeUpdate(request: UpdateRequest): UpdateOutcome | Promise<UpdateOutcome>;
  keep(receipt: Receipt): void;
}

/** New hosts of a zone: ten at once, then ten a minute. Whoever floods finds the door shut, not the disk full. */
export const registrationPace: BucketRule = { burst: 10, refillMs: 6_000 };

/** A key shorter than this is guessed; a MintAuto key has 24 octets and more. */
const keyOctetsMin = 8;
const printable = /^[ -~\x80-\xff]+$/;

/** acme-dns: a password of 40 characters. */
const acmePasswordOctets = 30;
export const networksMax = 16;

type Device = Extract<Registration, { kind: "device" }>;
type Leave = Extract<Registration, { kind: "leave" }>;
type Acme = Extract<Registration, { kind: "acme" }>;

/** What became of it, and what its receipt says beside that. */
interface Settled {
  readonly outcome: RegistrationOutcome;
  readonly asked: string;
  readonly username: string | undefined;
  readonly host?: HostId;
  readonly note?: string;
}

export class Registrar {
  readonly #parts: RegistrarParts;
  /** One for each zone that was open and took somebody. */
  readonly #paces = new Map<ZoneId, TokenBucket>();

  constructor(parts: RegistrarParts) {
    this.#parts = parts;
  }

  async register(registration: Registration): Promise<RegistrationOutcome> {
    let settled: Settled;
    try {
      settled = await this.#settle(registration);
    } catch {
      // The store could not do it. It says so itself, and whether it was done is not known.
      settled = refused("try-later", registration.kind === "device" ? registration.host : "");
    }
    this.#keep(settled, registration.from);
    return settled.outcome;
  }

  #settle(registration: Registration): Promise<Settled> | Settled {
    switch (registration.kind) {
      case "device":
        return this.#takeDevice(registration);
      case "leave":
        return this.#takeLeave(registration);
      case "acme":
        return this.#takeAcme(registration);
      default:
        return unreachable(registration);
    }
  }

  async #takeDevice(device: Device): Promise<Settled> {
    const { directory } = this.#parts;
    const { key, addresses, from } = device;
    if (!isKey(key)) return refused("bad-key", device.host);
    const name = parseHostName(device.host);
    if (name === undefined) return refused("bad-host", device.host, "Not a full host name.");
    const zone = this.#findOpenZone("device", name);
    if (zone === undefined)
      return refused("not-open", name, "No zone above it is open for devices.");
    const label = name.slice(0, -(zone.apex.length + 1));
    if (label === "" || label.includes(".") || isReserved(label)) {
      return refused(
        "bad-host",
        name,
        "Devices get names of one label below the zone, and no reserved one.",
      );
    }
    const asked = parseAsked(addresses);
    if (asked.kind === "bad-address") return refused("bad-address", name);
    const usable = decideAddresses(asked.addresses, from.peer, zone.isPrivate);
    if (usable.kind === "bad-address") return refused("bad-address", name, usable.note);

    const username = this.#deviceUsername(key);
    const login = directory.findLogin(username);
    if (login !== undefined && isFor(login, directory.hosts.find(name))) {
      return this.#move(device, name, username, "replaced");
    }
    const enrolled = await this.#enrol(zone, name, {
      zone: zone.id,
      by: "device",
      name,
      login: {
        username,
        verifier: makeVerifier(this.#parts.pepper, username, key),
        proofs: [{ kind: "token", verifier: makeProofVerifier(this.#parts.pepper, "token", key) }],
      },
    });
    if (enrolled.kind !== "made") return { ...enrolled.settled, username };
    return this.#move(device, name, username, login === undefined ? "created" : "replaced");
  }

  /** The host is there, and the key is the token of its login: its address goes the way of any update. */
  async #move(
    { key, addresses, from }: Device,
    name: HostName,
    username: string,
    changed: "created" | "replaced",
  ): Promise<Settled> {
    const outcome = await this.#parts.takeUpdate({
      credential: { kind: "token", secret: key },
      hosts: [name],
      naming: "full",
      addresses,
      ownAddresses: [],
      prefix: undefined,
      offline: false,
      challenge: undefined,
      isAllOrNothing: false,
      ...from,
    });
    const kind = outcome.kind === "hosts" ? outcome.hosts[0]?.kind : outcome.kind;
    const settle = (settled: RegistrationOutcome): Settled => {
      const host = this.#parts.directory.hosts.find(name);
      return { outcome: settled, asked: name, username, ...(host === undefined ? {} : { host }) };
    };
    switch (kind) {
      case "changed":
        return settle({ kind: changed, host: name });
      case "unchanged":
        return settle({ kind: "unchanged", host: name });
      case "bad-address":
      case "try-later":
        return settle({ kind });
      default:
        return settle({ kind: "taken" }); // held by the operator, or taken from the device meanwhile
    }
  }

  async #takeLeave({ key }: Leave): Promise<Settled> {
    if (!isKey(key)) return refused("bad-key", "");
    const { directory } = this.#parts;
    const username = this.#deviceUsername(key);
    const login = directory.findLogin(username);
    const host = login === undefined || login.hosts === "all-of-user" ? undefined : login.hosts[0];
    const name = host === undefined ? undefined : directory.hosts.findName(host);
    const isGone = login !== undefined && (await this.#parts.withdraw(username)) === "withdrawn";
    if (!isGone) return { ...refused("unknown", ""), username: undefined };
    return { outcome: { kind: "left" }, asked: name ?? "", username };
  }

  async #takeAcme({ allowFrom }: Acme): Promise<Settled> {
    const { pepper, chance } = this.#parts;
    const [zone] = this.#openZones("acme");
    if (zone === undefined) return refused("not-open", "", "No zone is open for ACME programs.");
    const networks = allowFrom.map(parseNetwork);
    const from = networks.flatMap((cidr) => cidr ?? []);
    if (from.length < networks.length || from.length > networksMax) {
      return refused("bad-address", "", "Not a list of networks.");
    }
    const name = parseHostName(`${makeUuid(chance)}.${zone.apex}`);
    if (name === undefined) return refused("bad-host", "", "The zone's name is too long.");
    const username = makeUuid(chance);
    const password = Buffer.from(chance.octets(acmePasswordOctets)).toString("base64url");
    const verifier = makeVerifier(pepper, username, password);
    const enrolled = await this.#enrol(zone, name, {
      zone: zone.id,
      by: "acme",
      name,
      login: { username, verifier, scope: "challenges", from },
    });
    if (enrolled.kind !== "made") return enrolled.settled;
    const outcome = { kind: "acme", host: name, username, password } as const;
    return { outcome, asked: name, username, host: enrolled.host };
  }

  async #enrol(
    zone: Zone,
    name: HostName,
    enrolment: Enrolment,
  ): Promise<
    | { readonly kind: "made"; readonly host: HostId }
    | { readonly kind: "refused"; readonly settled: Settled }
  > {
    const refuse = (kind: Refusal, note?: string) =>
      ({ kind: "refused", settled: refused(kind, name, note) }) as const;
    if (this.#parts.directory.hosts.find(name) !== undefined) return refuse("taken");
    if (!this.#mayTakeOneMore(zone.id))
      return refuse("too-many", "More than ten new hosts a minute.");
    const enrolled = await this.#parts.enrol(enrolment);
    switch (enrolled.kind) {
      case "made":
        return { kind: "made", host: enrolled.host.id };
      case "full":
        return refuse(
          "too-many",
          "The zone holds as many as it is open for: zone open --hosts-max.",
        );
      case "refused":
        return refuse("bad-host", enrolled.why);
      case "taken":
      case "not-open":
        return refuse(enrolled.kind);
      default:
        return unreachable(enrolled);
    }
  }

  #mayTakeOneMore(zone: ZoneId): boolean {
    const nowMs = this.#parts.clock.monotonicMs();
    const bucket = this.#paces.get(zone) ?? makeBucket(registrationPace, nowMs);
    this.#paces.set(zone, bucket);
    return take(bucket, registrationPace, nowMs);
  }

  *#openZones(by: OpeningKind): Generator<Zone> {
    for (const zone of this.#parts.directory.openZones()) {
      if (zone.openings?.some((opening) => opening.by === by) === true) yield zone;
    }
  }

  /** The innermost; whether a zone that is not open lies between is seen when the host is made. */
  #findOpenZone(by: OpeningKind, name: HostName): Zone | undefined {
    return [...this.#openZones(by)]
      .filter(({ apex }) => name === apex || name.endsWith(`.${apex}`))
      .toSorted((a, b) => b.apex.length - a.apex.length)[0];
  }

  /** A key is found again by the name that it always leads to, and does not lie in the database. */
  #deviceUsername(key: string): string {
    const hasher = new Bun.CryptoHasher("sha256", this.#parts.pepper);
    return `device-${hasher.update(`device:${key}`, "latin1").digest("hex").slice(0, 24)}`;
  }

  #keep({ outcome, asked, username, host, note = "" }: Settled, from: RegistrationOrigin): void {
    // The update that moved the host has a receipt of its own.
    if (outcome.kind === "unchanged" || outcome.kind === "replaced") return;
    this.#parts.keep({
      atMs: this.#parts.clock.now(),
      host,
      asked: asked.slice(0, textCharactersMax),
      username,
      peer: from.peer.text,
      adapter: from.adapter,
      userAgent: from.userAgent.slice(0, textCharactersMax),
      outcome: outcome.kind === "acme" ? "created" : outcome.kind,
      addresses: "",
      note,
    });
  }
}

/** What is kept of texts that a client chooses. */
const textCharactersMax = 255;

type Refusal = Exclude<
  RegistrationOutcome["kind"],
  "created" | "replaced" | "unchanged" | "acme" | "left"
>;

function refused(kind: Refusal, asked: string, note = ""): Settled {
  return { outcome: { kind }, asked, username: undefined, note };
}

function isKey(key: string): boolean {
  return key.length >= keyOctetsMin && key.length <= passwordCharactersMax && printable.test(key);
}

function isFor({ hosts }: Login, host: HostId | undefined): boolean {
  return host !== undefined && hosts !== "all-of-user" && hosts.includes(host);
}

/** `192.168.100.1/24` is the network of that address, as acme-dns and Go's `net.ParseCIDR` take it. */
function parseNetwork(text: string): Cidr | undefined {
  const [addressText = "", lengthText] = text.split("/", 2);
  const address = parseAddress(addressText);
  if (address === undefined || lengthText === undefined) return parseCidr(text);
  const { octets } = address;
  const bits = Number(lengthText);
  const masked = octets.map(
    (octet, at) => octet & (0xff00 >> Math.min(8, Math.max(0, bits - at * 8))),
  );
  const network = address.family === 4 ? masked.join(".") : Buffer.from(masked).toString("hex");
  const written = address.family === 4 ? network : network.replace(/(.{4})(?!$)/g, "$1:");
  return parseCidr(`${written}/${lengthText}`);
}

/** Version 4: by chance alone. */
function makeUuid(chance: Chance): string {
  const octets = chance.octets(16);
  octets[6] = (octets[6]! & 0x0f) | 0x40;
  octets[8] = (octets[8]! & 0x3f) | 0x80;
  const hex = Buffer.from(octets).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
