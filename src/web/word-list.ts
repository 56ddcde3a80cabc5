/** Several values typed into one field, with blanks or commas between. */

export function parseWordList(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}
