/** Every dialect by name. To add one, write its function and add a row. */

import type { Address } from "../base/address.ts";
import type { UpdateOutcome } from "../core/update.ts";
import type { DeviceReply } from "./device-request.ts";
import { printAsusStatus } from "./dialects/asus-status.ts";
import { printChangeip } from "./dialects/changeip.ts";
import { printCheckipHtml, printCheckipPlain } from "./dialects/checkip.ts";
import { printBadip, printDyndns, printMint } from "./dialects/dyndns.ts";
import { printDyndns1 } from "./dialects/dyndns1.ts";
import { printAny200, printHttpStatus } from "./dialects/http-status.ts";
import { printMintAsp } from "./dialects/mint-asp.ts";
import { printDnsexitJson } from "./dialects/dnsexit-json.ts";
import { printDuck } from "./dialects/duck.ts";
import { printDynv6 } from "./dialects/dynv6.ts";
import { printEchoIp } from "./dialects/echo-ip.ts";
import { printFreedns, printFreedns2 } from "./dialects/freedns.ts";
import { printFreednsList } from "./dialects/freedns-list.ts";
import { print1984 } from "./dialects/json-1984.ts";
import { printHostList } from "./dialects/mint-xml.ts";
import type { ListOutcome } from "./dialects/mint-xml.ts";
import { printUserCheck } from "./dialects/mint-user.ts";
import type { UserOutcome } from "./dialects/mint-user.ts";
import { printRegfish } from "./dialects/regfish.ts";
import { printNamecheap } from "./dialects/namecheap-xml.ts";
import { printNjalla } from "./dialects/njalla-json.ts";
import { printSystemNs } from "./dialects/system-ns.ts";
import { printWordOk } from "./dialects/word-ok.ts";
import { printInWords } from "./dialects/one-word.ts";
import { printTzo } from "./dialects/tzo.ts";
import { vendorWords } from "./dialects/vendor-words.ts";
import { printZoneedit } from "./dialects/zoneedit.ts";
import type { Question } from "./question.ts";

export type PrintUpdate = (outcome: UpdateOutcome, question: Question) => DeviceReply;

export const updateDialects = {
  ddnss: printInWords(vendorWords.ddnss),
  ddo: printInWords(vendorWords.ddo),
  dme: printInWords(vendorWords.dme),
  dnsexit: printInWords(vendorWords.dnsexit),
  dnspark: printInWords(vendorWords.dnspark),
  duia: printInWords(vendorWords.duia),
  dyns: printInWords(vendorWords.dyns),
  easydns: printInWords(vendorWords.easydns),
  enom: printInWords(vendorWords.enom),
  hn: printInWords(vendorWords.hn),
  justlinux: printInWords(vendorWords.justlinux),
  keysys: printInWords(vendorWords.keysys),
  "tunnel-broker": printInWords(vendorWords["tunnel-broker"]),
  "word-success": printInWords(vendorWords["word-success"]),
  "dnsexit-json": printDnsexitJson,
  tzo: printTzo,
  zoneedit: printZoneedit,
  dyndns: printDyndns,
  mint: printMint,
  "any-200": printAny200,
  "http-status": printHttpStatus,
  "mint-asp": printMintAsp,
  he: printBadip,
  dyfi: printBadip,
  dyndns1: printDyndns1,
  changeip: printChangeip,
  regfish: printRegfish,
  "asus-status": printAsusStatus,
  duck: printDuck,
  "word-ok": printWordOk,
  "namecheap-xml": printNamecheap,
  "njalla-json": printNjalla,
  "echo-ip": printEchoIp,
  dynv6: printDynv6,
  freedns: printFreedns,
  freedns2: printFreedns2,
  "1984-json": print1984,
  "system-ns": printSystemNs,
} as const satisfies Record<string, PrintUpdate>;

export const userDialects = {
  "mint-user": printUserCheck,
} as const satisfies Record<string, (outcome: UserOutcome) => DeviceReply>;

export const listDialects = {
  "mint-xml": printHostList,
  "freedns-list": printFreednsList,
} as const satisfies Record<string, (outcome: ListOutcome, question: Question) => DeviceReply>;

export const addressDialects = {
  "checkip-html": printCheckipHtml,
  "checkip-plain": printCheckipPlain,
} as const satisfies Record<string, (address: Address) => DeviceReply>;

export type UpdateDialect = keyof typeof updateDialects;
export type UserDialect = keyof typeof userDialects;
export type ListDialect = keyof typeof listDialects;
export type AddressDialect = keyof typeof addressDialects;
