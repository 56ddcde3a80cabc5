/** `/client/usercheck.aspx`: is there such a login? */

import { unreachable } from "../../base/assert.ts";
import type { DeviceReply } from "../device-request.ts";
import { plainText } from "./plain-text.ts";

export type UserOutcome = "ok" | "wrong" | "no-credentials" | "try-later";

/**
 * A wrong credential is 200 `nouser`: the Java client of this protocol throws on a 401 and tells its
 * user that it "could not connect". A request without any credential is challenged, because wget and
 * uclient-fetch send theirs only then. Its body is `badauth` as everywhere, not `nouser`: nobody
 * was looked up.
 */
export function printUserCheck(outcome: UserOutcome): DeviceReply {
  switch (outcome) {
    case "ok":
      return plainText(200, "okuser");
    case "wrong":
      return plainText(200, "nouser");
    case "no-credentials":
      return plainText(401, "badauth");
    case "try-later":
      return plainText(503, "911");
    default:
      return unreachable(outcome);
  }
}
