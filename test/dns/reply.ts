/**
 * Replies as a stranger reads them: a parser of its own, so that our codec is not its own judge.
 * Throws on anything that is not a well-formed message.
 */

export interface ReplyRecord {
  /** Labels, each octet one character, case kept. */
  readonly owner: readonly string[];
  readonly type: number;
  readonly class: number;
  readonly ttl: number;
  /** With names expanded and folded where the type may have compressed ones. */
  readonly rdata: Buffer;
}

export interface Reply {
  readonly id: number;
  readonly flags: number;
  readonly opcode: number;
  /** With the upper eight bits from OPT. */
  readonly rcode: number;
  readonly questions: number;
  /** The octets of the question section. */
  readonly question: Buffer;
  readonly answer: readonly ReplyRecord[];
  readonly authority: readonly ReplyRecord[];
  /** OPT and TSIG included. */
  readonly additional: readonly ReplyRecord[];
  readonly opt: ReplyRecord | undefined;
  readonly octets: number;
  /** Octets behind the last record. */
  readonly trailing: number;
}

export const flagBits = { aa: 0x400, tc: 0x200, rd: 0x100, ra: 0x80, z: 0x40, ad: 0x20, cd: 0x10 };

export function parseReply(message: Uint8Array): Reply {
  const octets = Buffer.from(message);
  const counts = [4, 6, 8, 10].map((at) => octets.readUInt16BE(at));
  let at = 12;
  for (let i = 0; i < counts[0]!; i++) at = expandName(octets, at).end + 4;
  if (at > octets.length) throw new Error("the question leaves the message");
  const question = octets.subarray(12, at);
  const sections = counts.slice(1).map((count) => {
    const records: ReplyRecord[] = [];
    for (let i = 0; i < count; i++) {
      const { record, end } = parseRecord(octets, at);
      records.push(record);
      at = end;
    }
    return records;
  });
  const [answer, authority, additional] = sections as [ReplyRecord[], ReplyRecord[], ReplyRecord[]];
  const opts = additional.filter((record) => record.type === 41);
  if (opts.length > 1) throw new Error("more than one OPT");
  const opt = opts[0];
  const bits = octets.readUInt16BE(2);
  if ((bits & 0x8000) === 0) throw new Error("not a response");
  return {
    id: octets.readUInt16BE(0),
    flags: bits,
    opcode: (bits >> 11) & 15,
    rcode: (bits & 15) | (opt === undefined ? 0 : (opt.ttl >>> 24) << 4),
    questions: counts[0]!,
    question,
    answer,
    authority,
    additional,
    opt,
    octets: octets.length,
    trailing: octets.length - at,
  };
}

function parseRecord(octets: Buffer, start: number): { record: ReplyRecord; end: number } {
  const { labels, end: head } = expandName(octets, start);
  const type = octets.readUInt16BE(head);
  const length = octets.readUInt16BE(head + 8);
  const end = head + 10 + length;
  if (end > octets.length) throw new Error("the record leaves the message");
  const record = {
    owner: labels,
    type,
    class: octets.readUInt16BE(head + 2),
    ttl: octets.readUInt32BE(head + 4),
    rdata: expandRdata(octets, type, head + 10, end),
  };
  return { record, end };
}

/** Octets before the first name, and how many names: the types of RFC 1035 that may be compressed. */
const namesIn: Readonly<Record<number, readonly [before: number, names: number]>> = {
  2: [0, 1], // NS
  5: [0, 1], // CNAME
  6: [0, 2], // SOA
  7: [0, 1], // MB
  8: [0, 1], // MG
  9: [0, 1], // MR
  12: [0, 1], // PTR
  14: [0, 2], // MINFO
  15: [2, 1], // MX
  17: [0, 2], // RP
  18: [2, 1], // AFSDB
  21: [2, 1], // RT
  33: [6, 1], // SRV
  36: [2, 1], // KX
  39: [0, 1], // DNAME
};

function expandRdata(octets: Buffer, type: number, start: number, end: number): Buffer {
  const [before, names] = namesIn[type] ?? [0, 0];
  if (names === 0) return octets.subarray(start, end);
  const parts = [octets.subarray(start, start + before)];
  let at = start + before;
  for (let i = 0; i < names; i++) {
    const name = expandName(octets, at);
    at = name.end;
    const text = name.labels.map((l) => String.fromCharCode(l.length) + fold(l)).join("");
    parts.push(Buffer.from(`${text}\0`, "latin1"));
  }
  if (at > end) throw new Error("a name leaves its record");
  parts.push(octets.subarray(at, end));
  return Buffer.concat(parts);
}

function expandName(octets: Buffer, start: number): { labels: string[]; end: number } {
  const labels: string[] = [];
  let at = start;
  let end = 0;
  let length = 1;
  for (;;) {
    const octet = octets.readUInt8(at);
    if (octet >= 0xc0) {
      const target = octets.readUInt16BE(at) & 0x3fff;
      if (end === 0) end = at + 2;
      if (target >= at) throw new Error("a pointer that does not point backwards");
      at = target;
      continue;
    }
    if (octet > 63) throw new Error("an unknown label type");
    if (octet === 0) return { labels, end: end === 0 ? at + 1 : end };
    length += octet + 1;
    if (length > 255) throw new Error("a name of more than 255 octets");
    if (at + 1 + octet > octets.length) throw new Error("a name leaves the message");
    labels.push(octets.toString("latin1", at + 1, at + 1 + octet));
    at += octet + 1;
  }
}

/** Only ASCII letters fold (RFC 4343 §3). */
export function fold(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
