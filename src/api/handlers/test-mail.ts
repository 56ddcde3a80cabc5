/** The operator asks whether mails arrive. */

import type { User } from "../../core/user.ts";
import type { Handlers } from "../handler.ts";

export interface TestMailParts {
  /** The confirmed address. */
  findMail(user: User): Promise<string | undefined>;
  /** Undefined: no mail server is set up. */
  readonly send: ((to: string) => Promise<{ kind: string; says: string }>) | undefined;
}

export function testMailHandlers({ findMail, send }: TestMailParts): Handlers<"sendTestMail"> {
  return {
    async sendTestMail({ caller }) {
      if (send === undefined) {
        const says = "No mail server is set up. Set smtpUrl and mailFrom, and start again.";
        return { isGood: false, says };
      }
      const to = await findMail(caller.user);
      if (to === undefined) {
        return { isGood: false, says: "Your account has no mail address that was confirmed." };
      }
      const { kind, says } = await send(to);
      return { isGood: kind === "sent", says };
    },
  };
}
