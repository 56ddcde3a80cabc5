/** XML as replies need it: elements that hold text, whatever the text is. */

import type { DeviceReply } from "../device-request.ts";

export function xmlText(body: string): DeviceReply {
  return { status: 200, contentType: "text/xml; charset=utf-8", body };
}

export function element(name: string, text: string): string {
  return `<${name}>${escapeText(text)}</${name}>`;
}

/**
 * XML 1.0 §2.4: markup is escaped. What is not ASCII is written as a reference, and what XML cannot
 * hold at all (§2.2), which no host name has, as the replacement character.
 */
function escapeText(text: string): string {
  let escaped = "";
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (`<>&"'`.includes(character)) escaped += `&#${code};`;
    else if (code >= 0x20 && code < 0x7f) escaped += character;
    else if (isXmlCharacter(code)) escaped += `&#${code};`;
    else escaped += "&#65533;";
  }
  return escaped;
}

function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe) || code > 0xffff;
}
