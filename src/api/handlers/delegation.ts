/** The check of a zone's delegation: asked of the net when an administrator wants to know, and not too often. */

import type { Clock } from "../../base/clock.ts";
import type { Zone, ZoneId } from "../../core/zone.ts";
import { CallLimit } from "../call-limit.ts";
import type { ReplyOf } from "../contract.ts";
import type { Handlers } from "../handler.ts";
import { findZone } from "./zones.ts";

type DelegationReply = ReplyOf<"checkZone">;

export interface DelegationParts {
  list(): Iterable<Zone>;
  check(zone: Zone): Promise<DelegationReply>;
  readonly clock: Clock;
}

/** A page that stays open asks every ten seconds; a person presses a button now and then. */
const checks = { burst: 6, refillMs: 5_000 };

export function delegationHandlers(parts: DelegationParts): Handlers<"checkZone"> {
  const limit = new CallLimit(checks, parts.clock);
  const running = new Map<ZoneId, Promise<DelegationReply>>();
  return {
    async checkZone(call) {
      const zone = findZone(call, "service:read", parts);
      limit.take(call.caller.user.id);
      // Who comes while one is under way gets what that finds.
      const found = running.get(zone.id) ?? parts.check(zone);
      running.set(zone.id, found);
      try {
        return await found;
      } finally {
        if (running.get(zone.id) === found) running.delete(zone.id);
      }
    },
  };
}
