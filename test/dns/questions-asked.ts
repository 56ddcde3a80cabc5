/** One question for each way that an answer can take. */

import { types } from "../../src/dns/record-types.ts";
import { classes } from "../../src/dns/resource-record.ts";

interface QuestionAsked {
  readonly what: string;
  readonly name: string;
  readonly type: number;
  readonly class: number;
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

const forAddress = { type: types.A, class: classes.IN };

export const questionsAsked: readonly QuestionAsked[] = [
  ...ways.map(([what, name]) => ({
    ...forAddress,
    what,
    name: `${name}.plain.test.`,
    isDnssecOk: false,
  })),
  ...ways.map(([what, name]) => ({
    ...forAddress,
    what: `${what}, signed`,
    name: `${name}.signed.test.`,
    isDnssecOk: true,
  })),
  {
    what: "the address of who asks",
    name: "whoami.nameward.",
    type: types.TXT,
    class: classes.CH,
    isDnssecOk: false,
  },
];
