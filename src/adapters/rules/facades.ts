/** Dialects with operations of their own: Cloudflare, acme-dns, GnuDIP, MintAuto. */

import type { Rule } from "../rule.ts";

export const facadeRules: readonly Rule[] = [];
