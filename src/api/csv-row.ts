/** One row of CSV (RFC 4180 §2), for spreadsheets. */

/** A spreadsheet takes what begins so for a formula (OWASP, CSV injection); an apostrophe makes it a text. */
const formula = /^[=+\-@\t\r]/;

export function printField(text: string): string {
  const harmless = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function printCsvRow(fields: readonly string[]): string {
  return `${fields.map(printField).join(",")}\r\n`;
}
