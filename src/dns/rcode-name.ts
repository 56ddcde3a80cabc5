/** Names of response codes, for people and metrics. */

import { rcodes } from "./message.ts";

const namesByCode = new Map<number, string>(
  Object.entries(rcodes).map(([name, code]) => [code, name]),
);

export function rcodeName(rcode: number): string {
  return namesByCode.get(rcode) ?? `RCODE${rcode}`;
}
