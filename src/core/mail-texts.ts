/** Every mail that the service sends: its text in English, which the operator may replace, and what is filled in. */

export interface MailText {
  /** What it is for, as the settings say it. */
  readonly doc: string;
  /** The subject, an empty line, the text. */
  readonly text: string;
  /** What may stand in braces in it, beside `brand`. */
  readonly values: readonly string[];
  /** What must stand in it, or it is of no use. */
  readonly needs: readonly string[];
}

export const mailTexts = {
  invitation: {
    doc: "The mail that invites somebody.",
    text: `An account at {brand} for you

{by} invites you to {brand}. Choose a name and a password here:

{link}

The link works once, until {until}. If you do not know what this is, do nothing.
`,
    values: ["by", "link", "until"],
    needs: ["link"],
  },
  confirmMail: {
    doc: "The mail that asks whether an address is somebody's own.",
    text: `Confirm your address at {brand}

Somebody, probably you, gave this address at {brand}. Confirm it here:

{link}

The link works once, until {until}. If it was not you, do nothing.
`,
    values: ["link", "until"],
    needs: ["link"],
  },
  alreadyThere: {
    doc: "The mail for an address that has an account already and that somebody signs up with again.",
    text: `You have an account at {brand} already

Somebody, probably you, tried to sign up at {brand} with this address. There is an account with it
already. If you forgot the password, ask for a new one on the page where you sign in.
`,
    values: [],
    needs: [],
  },
  reset: {
    doc: "The mail with the link to a new password.",
    text: `A new password at {brand}

Somebody, probably you, asked for a new password at {brand}. Choose it here:

{link}

The link works once, until {until}. If it was not you, do nothing: the old password stays.
`,
    values: ["link", "until"],
    needs: ["link"],
  },
  silent: {
    doc: "The mail about a host whose device is not heard any more.",
    text: `{host} is silent

The device of {host} was not heard as it is used to. Its records stay as they are.
{detail}

{link}
`,
    values: ["host", "detail", "link"],
    needs: ["host"],
  },
  recovered: {
    doc: "The mail about a host whose device is heard again.",
    text: `{host} is back

The device of {host} is heard again.
{detail}

{link}
`,
    values: ["host", "detail", "link"],
    needs: ["host"],
  },
  held: {
    doc: "The mail about a host that is held.",
    text: `{host} is held

{host} is held: updates of its device are refused until it is released.
{detail}

{link}
`,
    values: ["host", "detail", "link"],
    needs: ["host"],
  },
  newLogin: {
    doc: "The mail about a new device login or API token, or a sign-in from a new place.",
    text: `A new login at {brand}

There is a new login with your account.
{detail}

If it was not you, revoke it and change your password:

{link}
`,
    values: ["host", "detail", "link"],
    needs: [],
  },
  failedAuthentication: {
    doc: "The mail about many requests with a wrong login.",
    text: `Wrong logins for {host}

Many requests for {host} came with a login that is not right. A device may have an old password, or
somebody tries to guess it.
{detail}

{link}
`,
    values: ["host", "detail", "link"],
    needs: ["host"],
  },
  test: {
    doc: "The mail that shows that mails arrive.",
    text: `A test of {brand}

This is a test. Mails of {brand} arrive here.
`,
    values: [],
    needs: [],
  },
} as const satisfies Record<string, MailText>;

export type MailName = keyof typeof mailTexts;
export const mailNames = Object.keys(mailTexts) as readonly MailName[];

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** Why a text of the operator cannot be used; undefined when it can. */
export function findMailFault(name: MailName, text: string): string | undefined {
  const { values, needs }: MailText = mailTexts[name];
  const [subject = "", gap, ...rest] = text.split("\n");
  if (subject.trim() === "" || subject.length > subjectCharactersMax || /[\r\0]/.test(text)) {
    return `the first line is the subject, of at most ${subjectCharactersMax} characters`;
  }
  if (gap !== "" || rest.join("").trim() === "") return "a text follows behind an empty line";
  const found = [...text.matchAll(placeholder)].map((match) => match[1]!);
  const strange = found.find((each) => each !== "brand" && !values.includes(each));
  if (strange !== undefined) return `nothing is known to put in the place of {${strange}}`;
  const missing = needs.find((each) => !found.includes(each));
  return missing === undefined ? undefined : `{${missing}} must stand in it`;
}

/** What is filled in stays in its line: no value begins a header or a paragraph (T42). */
export function renderMail(text: string, values: Readonly<Record<string, string>>): Mail {
  const filled = text.replace(placeholder, (_all, name: string) => oneLine(values[name] ?? ""));
  const end = filled.indexOf("\n");
  const subject = filled.slice(0, end).slice(0, subjectCharactersMax);
  return { subject, text: `${filled.slice(end).trim()}\n` };
}

const subjectCharactersMax = 150;
const placeholder = /\{([a-z]+)\}/g;

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, " ").slice(0, 1_000);
}
