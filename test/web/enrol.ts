/** An authenticator app is enrolled by the API, as the account page does it. */

import { z } from "zod";
import { totpCode } from "./totp.ts";
import type { SignedIn } from "./web-home.ts";

export interface Enrolled {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

export async function enrol(person: SignedIn): Promise<Enrolled> {
  const { secret } = z
    .looseObject({ secret: z.string() })
    .parse(await person.call("POST", "/account/totp", {}));
  const { recoveryCodes } = z
    .object({ recoveryCodes: z.array(z.string()) })
    .parse(
      await person.call("POST", "/account/totp/confirm", { code: totpCode(secret, Date.now()) }),
    );
  return { secret, recoveryCodes };
}
