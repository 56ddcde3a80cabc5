/** A reply as octets: one line a line, what cannot be seen written as in programs. */

export function printOctets(octets: string): string {
  return octets
    .replaceAll("\\", "\\\\")
    .replace(/[^\n\x20-\x7e]/g, escapeOf)
    .replaceAll("\n", "\\n\n")
    .trimEnd();
}

function escapeOf(character: string): string {
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
