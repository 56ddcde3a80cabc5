/** One question for each way that an answer can take. */

interface QuestionAsked {
  readonly what: string;
  readonly name: string;
  readonly isDnssecOk: boolean;
}

const ways = [
  ["a host", "cam1"],
  ["a name that is not there", "nothing"],
  ["an empty non-terminal", "wild"],
  ["a wildcard", "x.wild"],
  ["an alias", "alias"],
  ["a DNAME", "y.dn"],
  ["a delegation", "host.deleg"],
] as const;

export const questionsAsked: readonly QuestionAsked[] = [
  ...ways.map(([what, name]) => ({ what, name: `${name}.plain.test.`, isDnssecOk: false })),
  ...ways.map(([what, name]) => {
    return { what: `${what}, signed`, name: `${name}.signed.test.`, isDnssecOk: true };
  }),
];
