/** What was accepted for each host and family, on disk: written whole, or not at all. */

import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { mkdirSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import { parseAddress } from "../base/address.ts";
import type { Remembered } from "./decide.ts";
import type { Family } from "./detect/source.ts";

/** Whose memory it is. */
export interface Key {
  readonly profile: string;
  readonly host: string;
  readonly family: Family;
}

export interface Entry extends Key, Remembered {
  /** Of the configuration that was refused; there is one where `halted` is. */
  readonly fingerprint: string | undefined;
}

export type MemoryReading =
  | { readonly kind: "memory"; readonly entries: readonly Entry[] }
  | { readonly kind: "absent" }
  /** It is there and cannot be used. Treated as absent: the worst that follows is one update more. */
  | { readonly kind: "unusable"; readonly why: string };

/** A few hundred octets a host; what is larger is no memory of ours. */
const memoryOctetsMax = 16 * 1_048_576;

const format = "nameward client memory";

export function readMemory(path: string): MemoryReading {
  let text: string;
  try {
    const found = statSync(path);
    if (!found.isFile()) return { kind: "unusable", why: "it is not a regular file" };
    if (found.size > memoryOctetsMax) return { kind: "unusable", why: "it is too large" };
    text = readFileSync(path, "utf8");
  } catch (error) {
    return codeOf(error) === "ENOENT"
      ? { kind: "absent" }
      : { kind: "unusable", why: codeOf(error) };
  }
  const entries = parseMemory(text);
  return entries === undefined
    ? { kind: "unusable", why: "it is not a memory of the update client" }
    : { kind: "memory", entries };
}

export function parseMemory(text: string): readonly Entry[] | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(read) || read["format"] !== format || read["version"] !== 1) return undefined;
  const hosts = read["hosts"];
  if (!Array.isArray(hosts)) return undefined;
  const entries = hosts.map(parseEntry);
  return entries.every((entry) => entry !== undefined) ? entries : undefined;
}

export function printMemory(entries: readonly Entry[]): string {
  const hosts = entries.map(({ accepted, notBeforeMs, ...entry }) => ({
    ...entry,
    address: accepted?.address,
    acceptedAt: accepted === undefined ? undefined : new Date(accepted.atMs).toISOString(),
    notBefore: notBeforeMs === undefined ? undefined : new Date(notBeforeMs).toISOString(),
  }));
  return `${JSON.stringify({ format, version: 1, hosts }, undefined, 1)}\n`;
}

/**
 * Survives a power cut at any moment: the old file stands until the new one is on disk. Gives back why it could not be
 * written, which is no reason to stop.
 */
export function writeMemory(path: string, entries: readonly Entry[]): string | undefined {
  const folder = dirname(path);
  const written = `${path}.new`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Left behind by a run that was killed, perhaps by another user: what is opened must be ours and private.
    removeIfThere(written);
    const file = openSync(written, "wx", 0o600);
    try {
      const octets = Buffer.from(printMemory(entries));
      for (let at = 0; at < octets.length;) at += writeSync(file, octets, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(written, path);
    syncFolder(folder);
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

/**
 * Tells one configuration from another without saying what is in it. It holds a password, so it costs what a stored password
 * should cost; it is asked for only where a service has refused.
 */
export function makeFingerprint(text: string): string {
  const salt = randomBytes(16);
  return `${salt.toString("base64url")}.${stretch(text, salt).toString("base64url")}`;
}

export function hasFingerprint(text: string, fingerprint: string): boolean {
  const [salt = "", hash = ""] = fingerprint.split(".");
  const known = Buffer.from(hash, "base64url");
  const asked = stretch(text, Buffer.from(salt, "base64url"));
  return known.length === asked.length && timingSafeEqual(known, asked);
}

function stretch(text: string, salt: Uint8Array): Buffer {
  return scryptSync(text, salt, 32);
}

function parseEntry(read: unknown): Entry | undefined {
  if (!isRecord(read)) return undefined;
  const { profile, host, family, address, halted, fingerprint } = read;
  if (typeof profile !== "string" || typeof host !== "string") return undefined;
  if (family !== 4 && family !== 6) return undefined;
  if (halted !== undefined && typeof halted !== "string") return undefined;
  if (fingerprint !== undefined && typeof fingerprint !== "string") return undefined;
  const notBeforeMs = parseTime(read["notBefore"]);
  const atMs = parseTime(read["acceptedAt"]);
  if (atMs === "wrong" || notBeforeMs === "wrong") return undefined;
  if ((address === undefined) !== (atMs === undefined)) return undefined;
  if (typeof address === "string" && parseAddress(address)?.family !== family) return undefined;
  const accepted =
    typeof address === "string" && atMs !== undefined ? { address, atMs } : undefined;
  return { profile, host, family, accepted, halted, fingerprint, notBeforeMs };
}

function parseTime(read: unknown): number | undefined | "wrong" {
  if (read === undefined) return undefined;
  const ms = typeof read === "string" ? Date.parse(read) : Number.NaN;
  return Number.isNaN(ms) ? "wrong" : ms;
}

function isRecord(read: unknown): read is Readonly<Record<string, unknown>> {
  return typeof read === "object" && read !== null;
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/** Windows opens no folder; there a rename is as durable as it gets. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
