/** Host identities: what HIP records hold, RFC 8005 §5 and §6. */

import { parseBase64, parseHex, printBase64, printHex } from "./binary-text.ts";
import { plainName } from "./rdata-field.ts";
import type { RdataField } from "./rdata-field.ts";
import { MalformedMessage } from "./wire.ts";

/** Algorithm, tag and key, then rendezvous servers, the most wanted first. The lengths stand in front of all. */
export const hostIdentity: RdataField = {
  read(from, to) {
    const tagLength = from.u8();
    const algorithm = from.u8();
    const keyLength = from.u16();
    if (tagLength === 0 || keyLength === 0) throw new MalformedMessage("HIP without tag or key");
    to.u8(tagLength);
    to.u8(algorithm);
    to.u16(keyLength);
    to.octets(from.octets(tagLength));
    to.octets(from.octets(keyLength));
    while (from.left > 0) plainName.read(from, to);
  },
  parse(tokens, to) {
    const algorithm = tokens.word() ?? "";
    if (!/^\d{1,3}$/.test(algorithm) || Number(algorithm) > 255) return "a number from 0 to 255";
    const tag = parseHex(tokens.word() ?? "");
    if (tag === undefined || tag.length === 0 || tag.length > 255) return "hexadecimal digits";
    // RFC 8005 §6: no white space in the key, for the servers follow.
    const key = parseBase64(tokens.word() ?? "");
    if (key === undefined || key.length === 0 || key.length > 65_535) return "base64";
    to.u8(tag.length);
    to.u8(Number(algorithm));
    to.u16(key.length);
    to.octets(tag);
    to.octets(key);
    while (tokens.left > 0) {
      const wanted = plainName.parse(tokens, to);
      if (wanted !== undefined) return wanted;
    }
    return undefined;
  },
  print(from) {
    const tagLength = from.u8();
    const texts = [String(from.u8())];
    const keyLength = from.u16();
    texts.push(printHex(from.octets(tagLength)), printBase64(from.octets(keyLength)));
    while (from.left > 0) texts.push(from.plainName().toString());
    return texts.join(" ");
  },
};
