/** What a dialect says of itself: which settings it wants, and how they become a service. */

import type { Chance } from "../../base/chance.ts";
import type { Clock } from "../../base/clock.ts";
import type { Service } from "./service.ts";

export interface ServiceRow {
  /** One sentence for help and documentation. */
  readonly doc: string;
  /** By the name that the configuration gives them. */
  readonly settings: Readonly<Record<string, ServiceSetting>>;
  /** Hosts that one request may carry. */
  readonly hostsMax: number;
  make(given: ServiceSettings, surroundings: Surroundings): Service | SettingMistake;
}

export interface ServiceSetting {
  readonly doc: string;
  /** Never shown, and never taken from a command line. */
  readonly isSecret?: true;
  readonly isRequired?: true;
  /** What holds when nothing is given; for documentation. */
  readonly fallback?: string;
}

/** Settings as they were typed, secrets already read from where they are kept. */
export type ServiceSettings = Readonly<Record<string, string>>;

/** What a service needs that is not its own. */
export interface Surroundings {
  readonly clock: Clock;
  readonly chance: Chance;
  /** `Nameward - client - 1.2.3`: Dyn's rules ask for company, device and version. */
  readonly userAgent: string;
  /** How long one request may take in all, redirects and TLS included. */
  readonly askMs: number;
  /** Certificates in PEM form that are trusted instead of the system's. */
  readonly trusted?: string;
}

/** A setting that cannot be used; never with the text of a secret. */
export interface SettingMistake {
  readonly kind: "mistake";
  readonly setting: string;
  readonly found: string;
  readonly wants: string;
}

/** A service that does not answer a request within this time is asked again later. */
export const askMsDefault = 30_000;

/** The setting without white space around it; `undefined` when it is empty or not given. */
export function findSetting(given: ServiceSettings, name: string): string | undefined {
  const text = given[name]?.trim();
  return text === "" ? undefined : text;
}

export function settingMistake(setting: string, found: string, wants: string): SettingMistake {
  return { kind: "mistake", setting, found, wants };
}
