/** Every facade by name. To add one, write its function, add its name to `facade-names.ts` and a row here. */

import type { AnswerFacade } from "./facade.ts";
import type { FacadeDialect } from "./facade-names.ts";
import { answerHealth, answerRegister, answerUpdate } from "./facades/acme-dns.ts";
import { answerCloudflare } from "./facades/cloudflare.ts";
import { answerDnsexit2 } from "./facades/dnsexit2.ts";
import { answerGnudip } from "./facades/gnudip-http.ts";
import { answerCleanup, answerPresent } from "./facades/httpreq.ts";
import { answerMintAdd, answerMintRemove, answerMintUpdate } from "./facades/mint-num.ts";

export const facadeDialects = {
  "mint-num-add": answerMintAdd,
  "mint-num-update": answerMintUpdate,
  "mint-num-remove": answerMintRemove,
  dnsexit2: answerDnsexit2,
  cloudflare: answerCloudflare,
  "acme-dns-health": answerHealth,
  "acme-dns-register": answerRegister,
  "acme-dns-update": answerUpdate,
  "httpreq-present": answerPresent,
  "httpreq-cleanup": answerCleanup,
  "gnudip-http": answerGnudip,
} as const satisfies Record<FacadeDialect, AnswerFacade>;
