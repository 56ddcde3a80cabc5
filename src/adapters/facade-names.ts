/** Names of the dialects that are facades. Rules name them; `facades.ts` says what they do, since facades read rules' types. */

export const facadeNames = [
  "mint-num-add",
  "mint-num-update",
  "mint-num-remove",
  "dnsexit2",
  "cloudflare",
  "acme-dns-health",
  "acme-dns-register",
  "acme-dns-update",
  "httpreq-present",
  "httpreq-cleanup",
  "gnudip-http",
] as const;

export type FacadeDialect = (typeof facadeNames)[number];
