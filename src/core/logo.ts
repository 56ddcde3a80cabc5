/** The logo of the operator: what may be one. */

export const logoTypes = ["image/png", "image/svg+xml"] as const;
export type LogoType = (typeof logoTypes)[number];

export interface Logo {
  readonly type: LogoType;
  readonly octets: Uint8Array;
}

export const logoOctetsMax = 100 * 1_024;

/** Why it cannot be the logo; undefined when it can. */
export function findLogoFault({ type, octets }: Logo): string | undefined {
  if (octets.length > logoOctetsMax) return "It is longer than 100 KB.";
  if (type === "image/png") return isPng(octets) ? undefined : "It is no PNG.";
  const text = decodeText(octets);
  if (text === undefined || !/^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*<svg[\s>]/.test(text)) {
    return "It is no SVG.";
  }
  const found = active.find(({ pattern }) => pattern.test(text));
  return found === undefined ? undefined : `It has ${found.what} in it.`;
}

function isPng(octets: Uint8Array): boolean {
  return Buffer.from(octets.subarray(0, 8)).toString("hex") === "89504e470d0a1a0a";
}

/** A picture needs none of it, and a browser that opens the picture alone would run it or fetch it. */
const active = [
  {
    pattern: /<\s*(?:[\w-]+:)?(?:script|foreignobject|iframe|object|embed|handler)\b/i,
    what: "a script or a page",
  },
  { pattern: /[\s"'/]on[a-z]+\s*=/i, what: "a handler of events" },
  { pattern: /<!(?:doctype|entity)|<\?xml-stylesheet/i, what: "a declaration" },
  { pattern: /(?:href|src)\s*=\s*["']?\s*(?!["']?#)[^\s"'#>]/i, what: "a link" },
  {
    pattern: /javascript:|@import|url\(\s*["']?\s*(?!#)[^\s"'#)]/i,
    what: "a reference to elsewhere",
  },
  { pattern: /&#/, what: "a character that is written as a number" },
] as const;

function decodeText(octets: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(octets);
  } catch {
    return undefined;
  }
}
