/** As much of XML as a router's answers need: the text between an element's tags. Bounded by its input. */

/**
 * What stands in each element of that local name, tags included, in order. Elements that have themselves inside are
 * cut at the first end tag, which is right for those that cannot.
 */
export function findElements(xml: string, localName: string): readonly string[] {
  const found: string[] = [];
  let at = 0;
  while (at < xml.length) {
    const start = xml.indexOf("<", at);
    if (start === -1) break;
    const end = xml.indexOf(">", start);
    if (end === -1) break;
    at = end + 1;
    const tag = xml.slice(start + 1, end);
    if (tag.endsWith("/") || localNameOf(tag) !== localName) continue;
    const close = findEnd(xml, at, localName);
    if (close === -1) break;
    found.push(xml.slice(at, close));
    at = close;
  }
  return found;
}

/** The text of the first such element, white space around it taken off. */
export function findText(xml: string, localName: string): string | undefined {
  const [inside] = findElements(xml, localName);
  if (inside === undefined || inside.includes("<")) return undefined;
  return inside.trim().replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name]!);
}

const entities: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  amp: "&",
};

/** Where the end tag begins; -1 without one. */
function findEnd(xml: string, from: number, localName: string): number {
  for (let at = xml.indexOf("</", from); at !== -1; at = xml.indexOf("</", at + 2)) {
    const end = xml.indexOf(">", at);
    if (end === -1) return -1;
    if (localNameOf(xml.slice(at + 2, end)) === localName) return at;
  }
  return -1;
}

/** `u:GetExternalIPAddressResponse xmlns:u="…"` is `GetExternalIPAddressResponse`. */
function localNameOf(tag: string): string {
  const name = /^[^\s/]*/.exec(tag)![0];
  return name.slice(name.indexOf(":") + 1);
}
