/** Two replies to one question, and what is not the same in them. */

import { typeName, types } from "../../src/dns/record-types.ts";
import { flagBits, fold } from "./reply.ts";
import type { Reply, ReplyRecord } from "./reply.ts";

export interface Difference {
  readonly aspect: string;
  readonly theirs: string;
  readonly ours: string;
}

/**
 * Records are compared as sets, with their TTLs. RFC 2181 §9: a truncated reply is only good for being
 * asked again. After another RCODE it is another answer, and after other records their case says nothing.
 */
export function differences(type: number, theirs: Reply, own: Reply): readonly Difference[] {
  const compare = ([aspect, print]: Aspect): readonly Difference[] => {
    const texts = { aspect, theirs: print(theirs), ours: print(own) };
    return texts.theirs === texts.ours ? [] : [texts];
  };
  const head = [...compare(tc), ...headAspects.flatMap(compare)];
  if (isTruncated(theirs) || isTruncated(own)) return head;
  head.push(...compare(rcode));
  if (theirs.rcode !== own.rcode) return head;
  head.push(...compare(aa));
  const isAny = type === types.ANY && isPart(theirs.answer, own.answer);
  const sections = isAny ? [] : sectionAspects.flatMap(compare);
  return [...head, ...(sections.length > 0 || isAny ? sections : formAspects.flatMap(compare))];
}

type Aspect = readonly [aspect: string, print: (reply: Reply) => string];

const rcode: Aspect = ["rcode", (reply) => String(reply.rcode)];
const aa: Aspect = ["aa", ({ flags }) => String((flags & flagBits.aa) !== 0)];
const tc: Aspect = ["tc", (reply) => String(isTruncated(reply))];
const headAspects: readonly Aspect[] = [
  ["ra", ({ flags }) => String((flags & flagBits.ra) !== 0)],
  ["rd", ({ flags }) => String((flags & flagBits.rd) !== 0)],
  ["ad", ({ flags }) => String((flags & flagBits.ad) !== 0)],
  ["cd", ({ flags }) => String((flags & flagBits.cd) !== 0)],
  ["z", ({ flags }) => String((flags & flagBits.z) !== 0)],
  ["question", ({ question }) => question.toString("hex")],
  ["opt", ({ opt }) => (opt === undefined ? "none" : `version ${(opt.ttl >> 16) & 0xff}`)],
  ["do", ({ opt }) => String(opt !== undefined && (opt.ttl & 0x8000) !== 0)],
];

const sectionAspects: readonly Aspect[] = [
  ["answer", ({ answer }) => printSet(answer)],
  ["authority", ({ authority }) => printSet(authority)],
  ["glue", (reply) => (isReferral(reply) ? printSet(reply.additional.filter(isData)) : "")],
  ["additional", (reply) => (isReferral(reply) ? "" : printSet(reply.additional.filter(isData)))],
];

const formAspects: readonly Aspect[] = [
  ["order", ({ answer }) => printAliases(answer)],
  ["case", ({ answer, authority }) => [...answer, ...authority].map(printOwner).sort().join(" ")],
];

/** RFC 8482 §4.1: any RRsets of the name are an answer to ANY, all of them or one. */
function isPart(theirs: readonly ReplyRecord[], own: readonly ReplyRecord[]): boolean {
  const [few, many] = theirs.length < own.length ? [theirs, own] : [own, theirs];
  const all = new Set(many.map(printRecord));
  return few.length > 0 && few.every((record) => all.has(printRecord(record)));
}

function isTruncated({ flags }: Reply): boolean {
  return (flags & flagBits.tc) !== 0;
}

function isReferral({ flags, authority }: Reply): boolean {
  return (flags & flagBits.aa) === 0 && authority.some(({ type }) => type === types.NS);
}

function isData({ type }: ReplyRecord): boolean {
  return type !== types.OPT;
}

/** Readers follow aliases from the first to the last (RFC 1034 §5.3.3 is kind, not all stubs are). */
function printAliases(records: readonly ReplyRecord[]): string {
  return records
    .filter(({ type }) => type === types.CNAME)
    .map(({ owner }) => fold(owner.join(".")))
    .join(" ");
}

function printSet(records: readonly ReplyRecord[]): string {
  return records.map(printRecord).sort().join("; ");
}

function printRecord({ owner, type, class: class_, ttl, rdata }: ReplyRecord): string {
  const name = fold(owner.join("."));
  return [name, typeName(type), class_, ttl, rdata.toString("hex")].join(" ");
}

function printOwner({ owner, type }: ReplyRecord): string {
  return `${owner.join(".")} ${type}`;
}
