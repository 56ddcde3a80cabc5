/** IP addresses: the one door by which text becomes an address, and what kind of address it is. */

export interface Address {
  readonly family: 4 | 6;
  /** 4 or 16 octets, network order. */
  readonly octets: Uint8Array;
  /** Canonical text; RFC 5952 for IPv6. */
  readonly text: string;
}

/**
 * Reads one address, strictly: four decimal parts without leading zeros, or RFC 4291 §2.2 text. No
 * zone index, no octal, no short forms, since what one program reads as 10.0.0.1 another reads as
 * 8.0.0.1. An IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) is read as the IPv4 address it means.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length > 45 || text.length < 2) return undefined;
  if (text.includes(":")) {
    const octets = parseIpv6(text);
    return octets === undefined ? undefined : addressFromOctets(octets);
  }
  const octets = new Uint8Array(4);
  return readIpv4(text, 0, octets, 0) ? { family: 4, octets, text } : undefined;
}

/** From 4 or 16 octets. IPv4-mapped octets become IPv4. */
export function addressFromOctets(octets: Uint8Array): Address {
  if (octets.length === 4) return { family: 4, octets, text: printIpv4(octets, 0) };
  if (isMapped(octets)) return addressFromOctets(octets.slice(12));
  return { family: 6, octets, text: printIpv6(octets) };
}

export interface Cidr {
  readonly network: Address;
  readonly prefixLength: number;
  readonly text: string;
}

/** `10.0.0.0/8`, `2001:db8::/32`, or a single address. Bits behind the prefix must be zero. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf("/");
  const addressText = slash === -1 ? text : text.slice(0, slash);
  const network = parseAddress(addressText);
  if (network === undefined) return undefined;
  // `::ffff:10.0.0.0/8` would silently mean half the Internet: an IPv4 network is written as one.
  if (network.family === 4 && addressText.includes(":")) return undefined;
  const bits = network.family === 4 ? 32 : 128;
  const lengthText = slash === -1 ? String(bits) : text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(lengthText)) return undefined;
  const prefixLength = Number(lengthText);
  if (prefixLength > bits) return undefined;
  for (let bit = prefixLength; bit < bits; bit++) {
    if ((network.octets[bit >> 3]! & (0x80 >> (bit & 7))) !== 0) return undefined;
  }
  return { network, prefixLength, text: `${network.text}/${prefixLength}` };
}

export function isWithin(address: Address, cidr: Cidr): boolean {
  if (address.family !== cidr.network.family) return false;
  const whole = cidr.prefixLength >> 3;
  for (let i = 0; i < whole; i++) {
    if (address.octets[i] !== cidr.network.octets[i]) return false;
  }
  const rest = cidr.prefixLength & 7;
  if (rest === 0) return true;
  const mask = 0xff00 >> rest;
  return ((address.octets[whole]! ^ cidr.network.octets[whole]!) & mask & 0xff) === 0;
}

export type Reach = "global" | "documentation" | "not-global";

/**
 * Where an address can be reached from. Documentation addresses are kept apart: clients use them to
 * provoke a change (inadyn's `fake-address`), and a name that points at one harms nobody.
 */
export function reach(address: Address): Reach {
  if (documentation.some((cidr) => isWithin(address, cidr))) return "documentation";
  const carried = address.family === 6 ? carriedIpv4(address.octets) : undefined;
  if (carried !== undefined && reach(carried) !== "global") return "not-global";
  return notGlobal.some((cidr) => isWithin(address, cidr)) ? "not-global" : "global";
}

/** RFC 5737 §3 and RFC 3849 §4. */
const documentation = cidrs("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32");

/** RFC 6890 §2.2, and what must never be the target of a name that strangers look up. */
const notGlobal = cidrs(
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/128",
  "::1/128",
  "fc00::/7",
  "fe80::/10",
  "ff00::/8",
);

const nat64 = cidrs("64:ff9b::/96"); // RFC 6052 §2.1
const sixToFour = cidrs("2002::/16"); // RFC 3056 §2

/** The IPv4 address inside a NAT64 or 6to4 address. */
function carriedIpv4(octets: Uint8Array): Address | undefined {
  const address: Address = { family: 6, octets, text: "" };
  if (isWithin(address, nat64[0]!)) return addressFromOctets(octets.slice(12));
  if (isWithin(address, sixToFour[0]!)) return addressFromOctets(octets.slice(2, 6));
  return undefined;
}

function cidrs(...texts: readonly string[]): readonly Cidr[] {
  return texts.map((text) => parseCidr(text)!);
}

/** Reads `a.b.c.d` from `start` to the end of `text`. */
function readIpv4(text: string, start: number, into: Uint8Array, at: number): boolean {
  let part = 0;
  let value = 0;
  let digits = 0;
  for (let i = start; i <= text.length; i++) {
    const code = i === text.length ? 0x2e : text.charCodeAt(i);
    if (code === 0x2e) {
      if (digits === 0 || part === 4) return false;
      into[at + part] = value;
      part++;
      value = 0;
      digits = 0;
    } else if (code >= 0x30 && code <= 0x39) {
      if (digits > 0 && value === 0) return false; // a leading zero
      value = value * 10 + code - 0x30;
      digits++;
      if (value > 255) return false;
    } else {
      return false;
    }
  }
  return part === 4;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(16);
  let at = 0; // octets written
  let gapAt = -1; // where `::` stood
  let i = 0;
  if (text.startsWith("::")) {
    gapAt = 0;
    i = 2;
  } else if (text.startsWith(":")) {
    return undefined;
  }
  while (i < text.length) {
    if (at >= 16) return undefined;
    const end = endOfGroup(text, i);
    if (end < text.length && text[end] === ".") {
      if (at > 12 || !readIpv4(text, i, octets, at)) return undefined;
      at += 4;
      i = text.length;
      break;
    }
    const group = parseGroup(text, i, end);
    if (group === -1) return undefined;
    octets[at] = group >> 8;
    octets[at + 1] = group & 0xff;
    at += 2;
    i = end;
    if (i === text.length) break;
    i++; // the colon
    if (text[i] === ":") {
      if (gapAt !== -1) return undefined;
      gapAt = at;
      i++;
    } else if (i === text.length) {
      return undefined; // a single colon at the end
    }
  }
  if (gapAt === -1) return at === 16 ? octets : undefined;
  if (at > 14) return undefined; // `::` stands for at least one group
  octets.copyWithin(16 - (at - gapAt), gapAt, at);
  octets.fill(0, gapAt, 16 - (at - gapAt));
  return octets;
}

function endOfGroup(text: string, start: number): number {
  let i = start;
  while (i < text.length && text[i] !== ":" && text[i] !== ".") i++;
  return i;
}

/** One to four hexadecimal digits, or -1. */
function parseGroup(text: string, start: number, end: number): number {
  if (end === start || end - start > 4) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = hexDigit(text.charCodeAt(i));
    if (digit === -1) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function isMapped(octets: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (octets[i] !== 0) return false;
  return octets[10] === 0xff && octets[11] === 0xff;
}

function printIpv4(octets: Uint8Array, at: number): string {
  return `${octets[at]}.${octets[at + 1]}.${octets[at + 2]}.${octets[at + 3]}`;
}

/** RFC 5952 §4: lower case, no leading zeros, the first longest run of two or more zero groups cut. */
function printIpv6(octets: Uint8Array): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(octets[i]! * 256 + octets[i + 1]!);
  let runStart = -1;
  let runLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length++;
    if (length > runLength) {
      runStart = i;
      runLength = length;
    }
  }
  const print = (part: readonly number[]): string => part.map((g) => g.toString(16)).join(":");
  if (runStart === -1) return print(groups);
  return `${print(groups.slice(0, runStart))}::${print(groups.slice(runStart + runLength))}`;
}
