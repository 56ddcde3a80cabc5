/** Dialects with operations of their own: Cloudflare, acme-dns, httpreq, GnuDIP, MintAuto. */

import type { Rule } from "../rule.ts";

export const facadeRules: readonly Rule[] = [
  {
    id: "cloudflare",
    match: { methods: ["GET", "POST", "PUT", "PATCH", "DELETE"], paths: ["/client/v4/{rest*}"] },
    operation: "facade",
    dialect: "cloudflare",
  },
  {
    id: "acme-dns-health",
    match: { methods: ["GET", "HEAD"], paths: ["/health"] },
    operation: "facade",
    dialect: "acme-dns-health",
  },
  {
    id: "acme-dns-register",
    match: { methods: ["POST"], paths: ["/register"] },
    operation: "facade",
    dialect: "acme-dns-register",
  },
  {
    // The path is that of half a dozen others: only this one has its credential in headers.
    id: "acme-dns-update",
    match: {
      methods: ["POST"],
      paths: ["/update"],
      headers: [{ name: "x-api-user" }, { name: "x-api-key" }],
    },
    operation: "facade",
    dialect: "acme-dns-update",
  },
  {
    id: "httpreq-present",
    match: { methods: ["POST"], paths: ["/present"] },
    operation: "facade",
    dialect: "httpreq-present",
  },
  {
    id: "httpreq-cleanup",
    match: { methods: ["POST"], paths: ["/cleanup"] },
    operation: "facade",
    dialect: "httpreq-cleanup",
  },
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
