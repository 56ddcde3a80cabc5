/** Every dialect by name. To add one, write its function and add a row. */

import type { Address } from "../base/address.ts";
import type { UpdateOutcome } from "../core/update.ts";
import type { DeviceReply } from "./device-request.ts";
import { printCheckipHtml, printCheckipPlain } from "./dialects/checkip.ts";
import { printDyndns, printMint } from "./dialects/dyndns.ts";
import { printAny200, printHttpStatus } from "./dialects/http-status.ts";
import { printHostList } from "./dialects/mint-xml.ts";
import type { ListOutcome } from "./dialects/mint-xml.ts";
import { printUserCheck } from "./dialects/mint-user.ts";
import type { UserOutcome } from "./dialects/mint-user.ts";
import type { FacadeRequest } from "./facade.ts";
import type { Question } from "./question.ts";
import type { Service } from "./update-service.ts";

export type PrintUpdate = (outcome: UpdateOutcome, question: Question) => DeviceReply;

export const updateDialects = {
  dyndns: printDyndns,
  mint: printMint,
  "any-200": printAny200,
  "http-status": printHttpStatus,
} as const satisfies Record<string, PrintUpdate>;

export const userDialects = {
  "mint-user": printUserCheck,
} as const satisfies Record<string, (outcome: UserOutcome) => DeviceReply>;

export const listDialects = {
  "mint-xml": printHostList,
} as const satisfies Record<string, (outcome: ListOutcome, question: Question) => DeviceReply>;

export const addressDialects = {
  "checkip-html": printCheckipHtml,
  "checkip-plain": printCheckipPlain,
} as const satisfies Record<string, (address: Address) => DeviceReply>;

export type AnswerFacade = (
  request: FacadeRequest,
  service: Service,
) => DeviceReply | Promise<DeviceReply>;

export const facadeDialects = {} as const satisfies Record<string, AnswerFacade>;

export type UpdateDialect = keyof typeof updateDialects;
export type UserDialect = keyof typeof userDialects;
export type ListDialect = keyof typeof listDialects;
export type AddressDialect = keyof typeof addressDialects;
export type FacadeDialect = keyof typeof facadeDialects;
