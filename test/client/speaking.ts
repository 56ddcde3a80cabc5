/** Services as the update client makes them, for tests that let them speak. */

import { systemChance } from "../../src/base/chance.ts";
import { systemClock } from "../../src/base/clock.ts";
import { parseAddress } from "../../src/base/address.ts";
import type { Service, Update } from "../../src/client/speak/service.ts";
import type { ServiceSettings, Surroundings } from "../../src/client/speak/service-row.ts";
import { makeService } from "../../src/client/speak/services.ts";
import type { ServiceWord } from "../../src/client/speak/services.ts";

export const userAgent = "Nameward - client - 0.0.0";

/** Must be in no error, name or log of a service. */
export const secret = "p@ss w0rd-TOKEN";

export function mustMakeService(
  word: ServiceWord,
  settings: ServiceSettings,
  given: Partial<Surroundings> = {},
): Service {
  const surroundings = { clock: systemClock, chance: systemChance, userAgent, askMs: 20_000 };
  const made = makeService(word, settings, { ...surroundings, ...given });
  if ("send" in made) return made;
  throw new Error(JSON.stringify(made));
}

export function makeUpdate(hosts: readonly string[], v4: string | undefined, v6?: string): Update {
  return {
    hosts,
    v4: v4 === undefined ? undefined : parseAddress(v4),
    v6: v6 === undefined ? undefined : parseAddress(v6),
  };
}

/** A signal that nobody gives. */
export const never = new AbortController().signal;
