/** The OPT record of a reply (RFC 6891 §6.1.2): what was asked for by options, and why there is no answer. No allocation. */

import { types } from "../dns/record-types.ts";
import { cookieOctets } from "./cookies.ts";
import type { ServerCookies } from "./cookies.ts";
import type { Peer } from "./peer.ts";
import { ednsOptions } from "./query.ts";
import type { Query } from "./query.ts";
import { putU16, putU32 } from "./reply.ts";
import type { Reply } from "./reply.ts";

/** RFC 9715 §3.2: what passes every path unfragmented. */
export const udpOctetsMax = 1232;

/** RFC 6891 §6.1.2: root, type, payload size, extended RCODE, version, flags, length. */
const optOctets = 11;
/** RFC 6891 §6.1.2: each option has its code and length in front. */
const optionHeadOctets = 4;
const flagDnssecOk = 0x8000; // RFC 3225 §3
const flagCompactOk = 0x4000; // RFC 9824 §5.1

/** RFC 8914 §4, in the info-code field of the option. */
export const extendedErrors = {
  none: -1,
  prohibited: 18,
  notAuthoritative: 20,
  invalidQueryType: 30,
} as const;
const extendedErrorOctets = 2;
/** RFC 9660 §2: label count, type 0 (the SOA's serial), serial. */
const zoneVersionOctets = 6;
/** RFC 7828 §3.1: in units of 100 ms. */
const keepaliveOctets = 2;

export class EdnsReply {
  /** One of `extendedErrors`. */
  extendedError: number = extendedErrors.none;
  /** RFC 9824 §5.1: the zone denies compactly, and the client has said that it knows. */
  isCompact = false;
  readonly #query: Query;
  readonly #reply: Reply;
  readonly #cookies: ServerCookies | undefined;
  readonly #serverId: Uint8Array;
  readonly #keepalive: number;
  #isTcp = false;
  #hasZone = false;
  #zoneLabels = 0;
  #zoneSerial = 0;

  constructor(
    query: Query,
    reply: Reply,
    cookies: ServerCookies | undefined,
    serverId: string,
    tcpIdleMs: number,
  ) {
    this.#query = query;
    this.#reply = reply;
    this.#cookies = cookies;
    this.#serverId = Buffer.from(serverId, "latin1");
    this.#keepalive = Math.floor(tcpIdleMs / 100);
  }

  begin(isTcp: boolean): void {
    this.extendedError = extendedErrors.none;
    this.isCompact = false;
    this.#isTcp = isTcp;
    this.#hasZone = false;
  }

  /** RFC 9660 §3: the zone that holds the name asked for, by the labels of its apex and its serial. */
  noteZone(labels: number, serial: number): void {
    this.#hasZone = true;
    this.#zoneLabels = labels;
    this.#zoneSerial = serial;
  }

  /** The client has sent a cookie, and gets one. */
  get hasCookie(): boolean {
    return this.#query.hasEdns && this.#query.cookieAt !== 0 && this.#cookies !== undefined;
  }

  /** Octets that OPT may take up beside an answer. */
  room(): number {
    const { hasEdns, wantsNsid, wantsZoneVersion, wantsKeepalive } = this.#query;
    if (!hasEdns) return 0;
    let room = optOctets;
    if (this.hasCookie) room += optionHeadOctets + cookieOctets;
    if (wantsNsid && this.#serverId.length > 0) room += optionHeadOctets + this.#serverId.length;
    if (wantsZoneVersion) room += optionHeadOctets + zoneVersionOctets;
    if (wantsKeepalive && this.#isTcp) room += optionHeadOctets + keepaliveOctets;
    return room;
  }

  /** Puts OPT behind the reply. RFC 6891 §7: only for who sent one. */
  put(
    message: Uint8Array,
    rcode: number,
    isCookieValid: boolean,
    peer: Peer,
    nowSeconds: number,
  ): void {
    const reply = this.#reply;
    const { octets } = reply;
    const query = this.#query;
    const at = reply.length;
    octets[at] = 0;
    putU16(octets, at + 1, types.OPT);
    putU16(octets, at + 3, udpOctetsMax);
    octets[at + 5] = rcode >> 4;
    octets[at + 6] = 0;
    const flags = query.dnssecOk ? flagDnssecOk | (this.isCompact ? flagCompactOk : 0) : 0;
    putU16(octets, at + 7, flags);
    reply.length += optOctets;
    reply.additional++;
    if (this.hasCookie) {
      const to = this.#putHead(ednsOptions.COOKIE, cookieOctets);
      const from = query.cookieAt;
      this.#cookies!.write(octets, to, message, from, isCookieValid, peer, nowSeconds);
    }
    if (query.wantsNsid && this.#serverId.length > 0) {
      const to = this.#putHead(ednsOptions.NSID, this.#serverId.length);
      for (let i = 0; i < this.#serverId.length; i++) octets[to + i] = this.#serverId[i]!;
    }
    if (query.wantsZoneVersion && this.#hasZone) {
      const to = this.#putHead(ednsOptions.ZONEVERSION, zoneVersionOctets);
      octets[to] = this.#zoneLabels;
      octets[to + 1] = 0;
      putU32(octets, to + 2, this.#zoneSerial);
    }
    if (query.wantsKeepalive && this.#isTcp) {
      putU16(octets, this.#putHead(ednsOptions.KEEPALIVE, keepaliveOctets), this.#keepalive);
    }
    if (this.extendedError !== extendedErrors.none) {
      putU16(octets, this.#putHead(ednsOptions.EDE, extendedErrorOctets), this.extendedError);
    }
    putU16(octets, at + 9, reply.length - at - optOctets);
  }

  /** Returns where the option's data begin. */
  #putHead(code: number, length: number): number {
    const reply = this.#reply;
    const at = reply.length;
    putU16(reply.octets, at, code);
    putU16(reply.octets, at + 2, length);
    reply.length = at + optionHeadOctets + length;
    return at + optionHeadOctets;
  }
}
