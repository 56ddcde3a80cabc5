/**
 * Sends one request to where a person said, and nowhere else: the name is resolved here, every address is looked at,
 * and the connection goes to the address that was looked at (T41). Redirects are answers like any other.
 */

import { connect as connectPlain } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { isWithin, parseAddress, reach } from "../base/address.ts";
import type { Address, Cidr } from "../base/address.ts";
import { cleanText } from "../observe/log-text.ts";

export interface DialerParts {
  /** Networks of the operator's own that may be reached, over plain HTTP and at any port too. */
  readonly allowed: readonly Cidr[];
  /** All addresses of a name. */
  resolve(name: string): Promise<readonly string[]>;
  /** Certificates that are trusted instead of the public ones, in PEM. */
  readonly authorities?: string;
}

export type Dialled =
  | { readonly kind: "answered"; readonly status: number; readonly says: string }
  /** No connection was made. */
  | { readonly kind: "refused"; readonly says: string }
  | { readonly kind: "failed"; readonly says: string };

/** What a URL says, before any name is resolved. */
export interface Target {
  readonly isTls: boolean;
  /** As in the URL, without brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly authority: string;
  readonly path: string;
}

export const targetCharactersMax = 2_000;
const publicPorts: ReadonlySet<number> = new Set([443, 8443]);
const deadlineMs = 5_000;
const replyOctetsMax = 64 * 1_024;

export function parseTarget(text: string): Target | undefined {
  if (text.length > targetCharactersMax || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!["https:", "http:"].includes(url.protocol) || url.username !== "" || url.password !== "") {
    return undefined;
  }
  const isTls = url.protocol === "https:";
  return {
    isTls,
    hostname: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? (isTls ? 443 : 80) : Number(url.port),
    authority: url.host,
    path: `${url.pathname}${url.search}`,
  };
}

export async function postTo(
  target: Target,
  headers: readonly (readonly [string, string])[],
  body: string,
  parts: DialerParts,
): Promise<Dialled> {
  const addresses = await findAddresses(target, parts);
  if (addresses.length === 0) return { kind: "failed", says: "The name has no address." };
  const barred = addresses.find((address) => !mayReach(address, target, parts.allowed));
  if (barred !== undefined) return { kind: "refused", says: whyBarred(barred, target) };
  return exchange(target, addresses[0]!, printRequest(target, headers, body), parts);
}

async function findAddresses(target: Target, parts: DialerParts): Promise<readonly Address[]> {
  const literal = parseAddress(target.hostname);
  if (literal !== undefined) return [literal];
  try {
    const texts = await parts.resolve(target.hostname);
    return texts.map((text) => parseAddress(text)).filter((address) => address !== undefined);
  } catch {
    return [];
  }
}

/** One address that may not be reached bars the name: whoever owns it chooses which one is tried. */
function mayReach(address: Address, { isTls, port }: Target, allowed: readonly Cidr[]): boolean {
  if (allowed.some((cidr) => isWithin(address, cidr))) return true;
  return isTls && publicPorts.has(port) && reach(address) === "global";
}

function whyBarred(address: Address, { isTls, port }: Target): string {
  if (reach(address) !== "global") return `${address.text} is no public address.`;
  return isTls ? `Port ${port} is none of 443 and 8443.` : "Only https may be used.";
}

function printRequest(
  { authority, path }: Target,
  headers: readonly (readonly [string, string])[],
  body: string,
): string {
  const lines = [
    `POST ${path} HTTP/1.1`,
    `Host: ${authority}`,
    "User-Agent: Nameward",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** Reads to the end, to 64 KB or to the deadline; what counts is the status line. */
function exchange(
  target: Target,
  address: Address,
  request: string,
  { authorities }: DialerParts,
): Promise<Dialled> {
  return new Promise((resolve) => {
    let text = "";
    const socket = open(target, address, authorities, () => socket.write(request));
    const timer = setTimeout(() => end("It took longer than five seconds."), deadlineMs);
    const end = (failure?: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(readReply(text, failure));
    };
    socket.on("data", (octets: Buffer) => {
      text += octets.toString("latin1");
      if (text.length >= replyOctetsMax || isWhole(text)) end();
    });
    socket.on("end", () => end());
    socket.on("close", () => end());
    socket.on("error", (error: Error) => end(cleanText(error.message)));
  });
}

function open(
  target: Target,
  address: Address,
  authorities: string | undefined,
  connected: () => void,
): Socket {
  const { port, isTls, hostname } = target;
  if (!isTls) return connectPlain({ host: address.text, port }, connected);
  const isName = parseAddress(hostname) === undefined;
  return connectTls(
    {
      host: address.text,
      port,
      ...(isName ? { servername: hostname } : {}),
      ...(authorities === undefined ? {} : { ca: authorities }),
    },
    connected,
  );
}

/** A server that keeps the connection open has said all when its length is there. */
function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return false;
  const length = /\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n/i.exec(text.slice(0, end + 2))?.[1];
  return length !== undefined && text.length >= end + 4 + Number(length);
}

function readReply(text: string, failure: string | undefined): Dialled {
  const [, status, words = ""] = /^HTTP\/1\.[01] ([1-5]\d\d) ?([^\r\n]*)/.exec(text) ?? [];
  if (status !== undefined) {
    const says = cleanText(`It answered ${status} ${words}`.trim());
    return { kind: "answered", status: Number(status), says };
  }
  return { kind: "failed", says: failure ?? "It closed the connection without an answer." };
}
