import { expect, test } from "bun:test";
import { isReceiptWanted, parseReceiptFilter } from "./receipt-filter.ts";
import type { FilteredReceipt } from "./receipt-filter.ts";

const changed: FilteredReceipt = {
  host: "cam1.dyn.test",
  asked: "CAM1.dyn.test",
  username: "U7k2m9",
  peer: "203.0.113.9",
  adapter: "dyndns2",
  userAgent: "FRITZ!Box 7590",
  outcome: "changed",
  addresses: ["203.0.113.7", "2001:db8::7"],
  reason: "Now 203.0.113.7,2001:db8::7.",
};
const refused: FilteredReceipt = {
  ...changed,
  host: null,
  asked: "shed.dyn.test",
  username: null,
  outcome: "bad-credentials",
  addresses: [],
  reason: "The secret that was sent is wrong.",
};

const filters: readonly [filter: string, findsChanged: boolean, findsRefused: boolean][] = [
  ["", true, true],
  ["host:cam1.dyn.test", true, false],
  ["-host:cam1.dyn.test", false, true],
  ["host:shed.dyn.test", false, true], // by the name that was asked for, where no host is known
  ["zone:dyn.test", true, true],
  ["zone:yn.test", false, false],
  ["outcome:changed", true, false],
  ["-outcome:changed -outcome:unchanged", false, true],
  ["address:2001:db8:", true, false],
  ["peer:203.0.113.", true, true],
  ["login:u7k2m9", true, false],
  ["device:fritz", true, true],
  ["adapter:DYNDNS2", true, true],
  ["secret", false, true],
  ["cam1 fritz", true, false],
  ["cam1 -fritz", false, false],
  ["state:current", false, false], // no key of this list, so a word
];

for (const [filter, findsChanged, findsRefused] of filters)
  test(`"${filter}" finds ${findsChanged ? "" : "not "}the change and ${findsRefused ? "" : "not "}the refusal`, () => {
    const terms = parseReceiptFilter(filter);
    expect(isReceiptWanted(changed, terms)).toBe(findsChanged);
    expect(isReceiptWanted(refused, terms)).toBe(findsRefused);
  });
