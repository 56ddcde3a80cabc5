/** Labels that nobody gets who signs up by itself: others would trust them, or programs look for them unasked. */

export function isReserved(label: string): boolean {
  return label.startsWith("_") || reserved.has(label) || /^ns\d*$/.test(label);
}

const reserved: ReadonlySet<string> = new Set([
  // Where people and mail look.
  "www",
  "mail",
  "smtp",
  "imap",
  "pop",
  "ftp",
  "api",
  "admin",
  "root",
  "hostmaster",
  "postmaster",
  "webmaster",
  // What programs ask for by themselves.
  "wpad",
  "isatap",
  "localhost",
  "autoconfig",
  "autodiscover",
  "mta-sts",
]);
