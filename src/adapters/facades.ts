/** Every facade by name. To add one, write its function, add its name to `facade-names.ts` and a row here. */

import type { AnswerFacade } from "./facade.ts";
import type { FacadeDialect } from "./facade-names.ts";
import { answerDnsexit2 } from "./facades/dnsexit2.ts";
import { answerGnudip } from "./facades/gnudip-http.ts";
import { answerMintAdd, answerMintRemove, answerMintUpdate } from "./facades/mint-num.ts";

export const facadeDialects = {
  "mint-num-add": answerMintAdd,
  "mint-num-update": answerMintUpdate,
  "mint-num-remove": answerMintRemove,
  dnsexit2: answerDnsexit2,
  "gnudip-http": answerGnudip,
} as const satisfies Record<FacadeDialect, AnswerFacade>;
