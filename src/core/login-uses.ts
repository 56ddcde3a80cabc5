/**
 * When each device login was last used with success, and by what. Kept in memory at ten octets a login; what is new goes
 * to the store in batches, as contacts of hosts do.
 */

import { DeviceNames } from "./device-names.ts";
import type { LoginId } from "./login.ts";

export interface LoginUse {
  readonly login: LoginId;
  readonly atMs: number;
  /** What the client called itself. */
  readonly device: string;
}

/** Logins that wait for the next batch; above it single uses are left out, which the next one makes good. */
const waitingMax = 50_000;

export class LoginUses {
  /** By login id; 0: never. */
  #usedAtMs = new Float64Array(1_024);
  #deviceOf = new Uint16Array(1_024);
  readonly #devices = new DeviceNames();
  #waiting = new Set<LoginId>();

  note(use: LoginUse): void {
    this.restore(use);
    if (this.#waiting.size < waitingMax) this.#waiting.add(use.login);
  }

  /** What the store had when the program started. */
  restore({ login, atMs, device }: LoginUse): void {
    this.#grow(login);
    if (this.#usedAtMs[login]! > atMs) return;
    this.#usedAtMs[login] = atMs;
    this.#deviceOf[login] = this.#devices.indexOf(device);
  }

  /** Undefined: never. */
  find(login: LoginId): LoginUse | undefined {
    const atMs = this.#usedAtMs[login] ?? 0;
    if (atMs === 0) return undefined;
    return { login, atMs, device: this.#devices.at(this.#deviceOf[login]!) };
  }

  /** What is new, and from now on is not. */
  take(): readonly LoginUse[] {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    return [...waiting].flatMap((login) => this.find(login) ?? []);
  }

  #grow(login: LoginId): void {
    if (login < this.#usedAtMs.length) return;
    const room = Math.max(login + 1, this.#usedAtMs.length * 2);
    const used = new Float64Array(room);
    used.set(this.#usedAtMs);
    this.#usedAtMs = used;
    const devices = new Uint16Array(room);
    devices.set(this.#deviceOf);
    this.#deviceOf = devices;
  }
}
