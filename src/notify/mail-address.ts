/** Mail addresses: the one door by which text becomes one. */

/** RFC 5321 §4.5.3.1.3: a path of 256 octets holds an address of 254. */
const addressCharactersMax = 254;
/** RFC 5321 §4.5.3.1.1 */
const localCharactersMax = 64;
const domainCharactersMax = 253;

/**
 * One address as most mail servers take it: no quotes, comments, display name or second recipient, and nothing that
 * could begin another line (T42). Each part is looked at once, so that a long text costs little.
 */
export function parseMailAddress(text: string): string | undefined {
  if (text.length > addressCharactersMax) return undefined;
  const at = text.lastIndexOf("@");
  const local = text.slice(0, at);
  const domain = text.slice(at + 1).toLowerCase();
  if (at < 1 || local.length > localCharactersMax || domain.length > domainCharactersMax) {
    return undefined;
  }
  if (!local.split(".").every((atom) => /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+$/.test(atom))) {
    return undefined; // RFC 5321 §4.1.2: a Dot-string of atoms
  }
  const labels = domain.split(".");
  const isName =
    labels.length >= 2 &&
    labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label)) &&
    !/^\d+$/.test(labels.at(-1)!);
  return isName ? `${local}@${domain}` : undefined;
}
