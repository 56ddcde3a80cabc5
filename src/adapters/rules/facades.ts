/** Dialects with operations of their own: Cloudflare, acme-dns, httpreq, GnuDIP, MintAuto. */

import type { Rule } from "../rule.ts";

export const facadeRules: readonly Rule[] = [
  {
    // Its default path; LANCOM and others let people write another in front of the script's name.
    id: "gnudip-http",
    match: {
      methods: ["GET"],
      paths: [
        "/gnudip/cgi-bin/gdipupdt.cgi",
        "/gdipupdt.cgi",
        "/{folder}/gdipupdt.cgi",
        "/{folder}/{folder2}/gdipupdt.cgi",
        "/{folder}/{folder2}/{folder3}/gdipupdt.cgi",
      ],
    },
    operation: "facade",
    dialect: "gnudip-http",
  },
];
