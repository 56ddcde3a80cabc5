/** The octets of every recorded request: what devices send, and what nobody should. */

import { readCases } from "../fixtures/devices/read-cases.ts";
import { readRecordedFiles } from "../adapters/read-recorded.ts";

/** One character an octet, none of them twice. */
export const requestOctets: readonly string[] = [
  ...new Set([
    ...[...readRecordedFiles().values()].flat().map(({ request }) => request),
    ...readCases().map(({ octets }) => octets),
  ]),
];
