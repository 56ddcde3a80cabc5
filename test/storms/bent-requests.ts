/** Requests that nearly make sense: recorded ones, bent, each with a secret that nobody may see again. The same dice give the same. */

import type { Dice } from "../dns/mutate.ts";
import { requestOctets } from "./request-octets.ts";

/** In no recording, and unlike anything that a reply or a log would say by itself. */
export const secret = "zQ7xKv93LmT5wPdR";
const username = "cam";
const basic = btoa(`${username}:${secret}`);
/** As it may be seen. */
export const secretForms: readonly string[] = [secret, basic, basic.replace(/=+$/, "")];

const edges = [
  "\0",
  "\r",
  "\n",
  "\x1b[2J",
  "\x7f",
  "\x80",
  "\xff",
  "%00",
  "%0d%0a",
  "%",
  "%zz",
  "+",
  "&",
  "=",
  "?",
];
const attacks = [
  "__proto__=1&",
  "constructor[prototype]=1&",
  "hostname=",
  "myip=",
  "'\"<script>",
  "../../",
  "{{7*7}}",
  "Host: evil\r\n",
  "Content-Length: 5\r\n",
  "Transfer-Encoding: chunked\r\n",
  "\r\n\r\nGET / HTTP/1.1\r\n\r\n",
  "A".repeat(300),
  ",foreign.example.test",
];
const octetsMax = 12_000;

export function bendRequest(dice: Dice): string {
  if (dice.roll(20) === 0) return noise(dice, 400);
  let octets = dice.pick(requestOctets);
  for (let left = dice.roll(5); left > 0; left--) octets = bend(dice, octets);
  return addSecret(dice, octets.slice(0, octetsMax));
}

function bend(dice: Dice, octets: string): string {
  const at = dice.roll(octets.length + 1);
  const put = (text: string, cut = 0): string =>
    octets.slice(0, at) + text + octets.slice(at + cut);
  switch (dice.roll(9)) {
    case 0:
      return put(String.fromCharCode(dice.roll(256)), 1);
    case 1:
      return put(dice.pick(edges));
    case 2:
      return put(dice.pick(attacks));
    case 3:
      return put("", 1 + dice.roll(12));
    case 4:
      return put(noise(dice, 12));
    case 5: {
      const from = dice.roll(octets.length);
      return put(octets.slice(from, from + dice.roll(60)));
    }
    case 6:
      return octets.slice(0, at) + dice.pick(requestOctets).slice(dice.roll(60));
    case 7:
      return octets.slice(0, at);
    default: // a letter of a name or value: the request stays in shape
      return put(String.fromCharCode(0x61 + dice.roll(26)), 1);
  }
}

function noise(dice: Dice, most: number): string {
  return Array.from({ length: dice.roll(most) }, () => String.fromCharCode(dice.roll(256))).join(
    "",
  );
}

/** Where a secret belongs: a field whose name says so, or the credential of the head. */
function addSecret(dice: Dice, octets: string): string {
  const lineEnd = octets.indexOf("\n");
  const query = octets.indexOf("?");
  if (query !== -1 && query < lineEnd && dice.roll(2) === 0) {
    const key = dice.pick(["password", "pass", "token", "pw", "apikey"]);
    return `${octets.slice(0, query + 1)}${key}=${secret}&${octets.slice(query + 1)}`;
  }
  if (lineEnd === -1) return octets;
  const scheme = dice.pick([`Basic ${basic}`, `Bearer ${secret}`]);
  const head = `Authorization: ${scheme}\r\n`;
  return octets.slice(0, lineEnd + 1) + head + octets.slice(lineEnd + 1);
}
