/** A mail text as it arrives, with samples in the place of what is filled in. */

export interface MailPreview {
  readonly subject: string;
  readonly text: string;
}

export function previewMail(text: string, values: Readonly<Record<string, string>>): MailPreview {
  const filled = text.replace(/\{([a-z]+)\}/g, (all, name: string) => values[name] ?? all);
  const [subject = "", ...rest] = filled.split("\n");
  return { subject, text: rest.join("\n").trim() };
}
