/** `nameward setup-link` */

import { systemChance } from "../base/chance.ts";
import { makeSecretToken } from "../core/accounts/secret-token.ts";
import { command, refused } from "./command.ts";

export const setupLink = command({
  words: "setup-link",
  changes: true,
  summary: "Print a link that makes the first account, an administrator's.",
  settings: ["web", "publicUrl"],
  notes: [
    "It holds for 24 hours and once; links made before end.",
    "The token stands behind the #, so that no server and no proxy logs it.",
  ],
  example: "nameward setup-link --public-url https://names.example.net",
  makesData: true,
  async run({ reading, openStore }) {
    await using store = await openStore();
    const { id, secret, hash } = makeSecretToken(systemChance);
    const outcome = await store.accounts.addTicket({ id, hash, kind: "setup" });
    if (outcome.kind !== "made") {
      const fix = "For another administrator: nameward user add NAME --admin --password-stdin";
      return refused("There is an account already.", fix);
    }
    const { publicUrl, web } = reading.config;
    const place = web.hostname.includes(":") ? `[${web.hostname}]` : web.hostname;
    const url = `${publicUrl || `http://${place}:${web.port}`}/#setup=${secret}`;
    const expiresAt = new Date(outcome.made.expiresAtMs).toISOString();
    return {
      kind: "done",
      text: `Make the first account (until ${expiresAt}, once):  ${url}\n`,
      json: { url, expiresAt },
    };
  },
});
