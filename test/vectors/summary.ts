/** A reply as one line of text, against which the vectors' rules are written. */

import { flagBits, parseReply } from "../dns/reply.ts";
import type { Reply, ReplyRecord } from "../dns/reply.ts";

const rcodeNames: Readonly<Record<number, string>> = {
  0: "NOERROR",
  1: "FORMERR",
  2: "SERVFAIL",
  3: "NXDOMAIN",
  4: "NOTIMP",
  5: "REFUSED",
  6: "YXDOMAIN",
  7: "YXRRSET",
  8: "NXRRSET",
  9: "NOTAUTH",
  10: "NOTZONE",
  16: "BADVERS",
  23: "BADCOOKIE",
};

const typeNames: Readonly<Record<number, string>> = {
  1: "A",
  2: "NS",
  5: "CNAME",
  6: "SOA",
  10: "NULL",
  12: "PTR",
  15: "MX",
  16: "TXT",
  28: "AAAA",
  33: "SRV",
  39: "DNAME",
  43: "DS",
  46: "RRSIG",
  47: "NSEC",
  48: "DNSKEY",
  249: "TKEY",
  251: "IXFR",
  252: "AXFR",
  253: "MAILB",
  255: "ANY",
  257: "CAA",
  65: "HTTPS",
};

const typeOpt = 41;
const typeTsig = 250;
const labelCharacters = 10;

/** The line for a reply to `request`; nothing came: `DROP` over UDP, `CLOSED` where TCP was closed. */
export function summarise(reply: Uint8Array | "DROP" | "CLOSED", request: Uint8Array): string {
  if (typeof reply === "string") return reply;
  if (reply.length < 12) return `SHORT ${reply.length}`;
  try {
    return printReply(parseReply(reply), request);
  } catch (error) {
    return `UNPARSABLE ${String(error)}`;
  }
}

function printReply(reply: Reply, request: Uint8Array): string {
  const flags = Object.entries(flagBits)
    .filter(([, bit]) => (reply.flags & bit) !== 0)
    .map(([name]) => name);
  const sections = [
    printSection("an", reply.answer, true),
    printSection("au", reply.authority, false),
    printSection("ad", reply.additional, false),
  ].filter((section) => section !== "");
  const asked = Buffer.from(request).subarray(12, 12 + reply.question.length);
  const tsig = reply.additional.find((record) => record.type === typeTsig);
  return [
    `${rcodeNames[reply.rcode] ?? reply.rcode} ${flags.join(",") || "-"}`,
    reply.questions === 1 ? "" : ` qd${reply.questions}`,
    ` len${reply.octets} ${sections.join(" ")}`,
    reply.opt === undefined ? "" : ` ${printOpt(reply.opt)}`,
    tsig === undefined ? "" : ` ${printTsig(tsig)}`,
    reply.questions > 0 && !reply.question.equals(asked) ? " QECHO-DIFF" : "",
    reply.trailing > 0 ? ` trail${reply.trailing}` : "",
  ].join("");
}

function printSection(name: string, records: readonly ReplyRecord[], hasTtl: boolean): string {
  const counts = new Map<string, number>();
  for (const record of records) {
    if (record.type === typeOpt || record.type === typeTsig) continue;
    const text = printRecord(record, hasTtl);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  if (counts.size === 0) return "";
  const texts = [...counts].map(([text, count]) => (count > 1 ? `${text}x${count}` : text));
  return `${name}{${texts.join(" ")}}`;
}

function printRecord({ type, ttl, owner, rdata }: ReplyRecord, hasTtl: boolean): string {
  const typeText = typeNames[type] ?? String(type);
  // The serial is the first of the five numbers at the end (RFC 1035 §3.3.13).
  if (type === 6) return `SOA(ttl${ttl} ser${rdata.readUInt32BE(rdata.length - 20)})`;
  const label = (owner[0] ?? "").slice(0, labelCharacters);
  return hasTtl ? `${typeText}(${label} ${ttl})` : `${typeText}(${label})`;
}

function printOpt({ class: size, ttl, rdata }: ReplyRecord): string {
  const flags = ttl & 0xffff;
  const others = flags & 0x7fff;
  const options: string[] = [];
  for (let at = 0; at < rdata.length; ) {
    const code = rdata.readUInt16BE(at);
    const length = rdata.readUInt16BE(at + 2);
    const octets = rdata.subarray(at + 4, at + 4 + length);
    if (octets.length < length) throw new Error("an option leaves OPT");
    options.push(code === 10 ? `10:cookie${length}` : `${code}:${octets.toString("hex")}`);
    at += 4 + length;
  }
  return [
    `OPT[v${(ttl >>> 16) & 0xff} sz${size}`,
    (flags & 0x8000) === 0 ? "" : " do",
    others === 0 ? "" : ` fl${others.toString(16).padStart(4, "0")}`,
    options.length === 0 ? "" : ` ${options.join("+")}`,
    "]",
  ].join("");
}

/** RFC 8945 §4.2: algorithm name, time 6, fudge 2, MAC size, MAC, original ID, error, Other Len. */
function printTsig({ rdata }: ReplyRecord): string {
  let at = 0;
  while (rdata.readUInt8(at) !== 0) at += rdata.readUInt8(at) + 1;
  at += 1 + 8;
  const mac = rdata.readUInt16BE(at);
  at += 2 + mac + 2;
  return `TSIG[mac${mac} err${rdata.readUInt16BE(at)} other${rdata.readUInt16BE(at + 2)}]`;
}
