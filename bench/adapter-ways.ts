/** Ten ways of saying the same update, and plain dyndns2 as the measure of them: the octets, and what says that it was taken. */

import { createHash } from "node:crypto";
import { apex } from "./names.ts";

/** As a customer has them: one login for a few hosts. */
export const hostsPerLogin = 5;
export const loginsCount = 400;
export const waysHosts = hostsPerLogin * loginsCount;

/** A login that accepts every kind of proof. */
export function deviceLogin(number: number): { username: string; password: string } {
  return { username: `device${number}`, password: `Vb8sKq2mWz5tRx7J${number}` };
}

export function loginOf(host: number): { username: string; password: string } {
  return deviceLogin(Math.floor(host / hostsPerLogin));
}

export function hostName(host: number): string {
  return `cam${host}.${apex}`;
}

export const wayNames = [
  "dyndns",
  "mint",
  "mint-asp",
  "duck",
  "namecheap",
  "freedns",
  "dynv6",
  "he",
  "cloudflare",
  "gnudip",
] as const;
/** Plain dyndns2 is what all are compared with. */
export type WayName = (typeof wayNames)[number] | "dyndns2";

export interface Way {
  /** Over TCP the request follows the salt that the server says first. */
  request(host: number, address: string, salt: string): string;
  /** What the reply has that says so. */
  readonly taken: string;
  readonly isTalk?: true;
}

function hex(algorithm: "md5" | "sha1", text: string): string {
  return createHash(algorithm).update(text).digest("hex");
}

function sha1(host: number): string {
  const { username, password } = loginOf(host);
  return hex("sha1", `${username}|${password}`);
}

function basic(host: number): string {
  const { username, password } = loginOf(host);
  return `Authorization: Basic ${btoa(`${username}:${password}`)}\r\n`;
}

/** All say from whom they come, since one way has no other place for an address. */
function get(target: string, address: string, head = ""): string {
  return `GET ${target} HTTP/1.0\r\nHost: ${apex}\r\n${head}User-Agent: bench/1.0\r\nX-Forwarded-For: ${address}\r\n\r\n`;
}

const dyndns2: Way = {
  request: (host, address) =>
    get(`/nic/update?hostname=${hostName(host)}&myip=${address}`, address, basic(host)),
  taken: "\r\n\r\ngood ",
};

/** Cloudflare's ids follow from names; a client asks for them once, before it updates. */
export interface CloudflareIds {
  readonly zone: string;
  readonly records: readonly string[];
}

export function makeWays(ids: CloudflareIds): Readonly<Record<WayName, Way>> {
  return {
    dyndns2,
    dyndns: dyndns2, // again: how far apart two measurements of the same are
    mint: {
      request: (host, address) =>
        get(
          `/nic/update/default.aspx?hostname=${hostName(host)}&myip=${address}`,
          address,
          basic(host),
        ),
      taken: "\r\n\r\ngood ",
    },
    "mint-asp": {
      request: (host, address) =>
        get(`/client/update.asp?host=${hostName(host)}`, address, basic(host)),
      taken: "\r\n\r\nok",
    },
    duck: {
      request: (host, address) =>
        get(`/update?domains=cam${host}&token=${loginOf(host).password}&ip=${address}`, address),
      taken: "\r\n\r\nOK",
    },
    namecheap: {
      request: (host, address) =>
        get(
          `/update?host=cam${host}&domain=${apex}&password=${loginOf(host).password}&ip=${address}`,
          address,
        ),
      taken: "<ErrCount>0<",
    },
    freedns: {
      request: (host, address) =>
        get(
          `/dynamic/update.php?sha=${sha1(host)}&host=${hostName(host)}&address=${address}`,
          address,
        ),
      taken: "pdated ",
    },
    dynv6: {
      request: (host, address) =>
        get(
          `/api/update?hostname=${hostName(host)}&token=${loginOf(host).password}&ipv4=${address}`,
          address,
        ),
      taken: "addresses updated",
    },
    he: {
      request: (host, address) =>
        get(
          `/nic/update?hostname=${hostName(host)}&password=${loginOf(host).password}&myip=${address}`,
          address,
        ),
      taken: "\r\n\r\ngood ",
    },
    cloudflare: {
      request(host, address) {
        const path = `/client/v4/zones/${ids.zone}/dns_records/${ids.records[host]}`;
        const body = JSON.stringify({ type: "A", name: hostName(host), content: address });
        const head = `Authorization: Bearer ${loginOf(host).password}\r\nContent-Type: application/json\r\n`;
        return `PUT ${path} HTTP/1.0\r\nHost: ${apex}\r\n${head}X-Forwarded-For: ${address}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      },
      taken: '"success":true',
    },
    gnudip: {
      isTalk: true,
      request: (host, address, salt) =>
        `${loginOf(host).username}:${hex("md5", `${hex("md5", loginOf(host).password)}.${salt}`)}:${hostName(host)}:0:${address}\n`,
      taken: "\n0\n",
    },
  };
}
