import { describe, expect, test } from "bun:test";
import { parseHostName } from "../../core/host-name.ts";
import type { HostOutcome, Reached, UpdateOutcome } from "../../core/update.ts";
import { printBadip, printDyndns, printMint } from "./dyndns.ts";

const hosts = (...outcomes: readonly HostOutcome[]): UpdateOutcome => ({
  kind: "hosts",
  hosts: outcomes,
});
const reached = (kind: Reached["kind"], addresses: readonly string[]): Reached => ({
  kind,
  name: parseHostName("cam1.example.test")!,
  addresses,
  before: { v4: undefined, v6: undefined },
});
const v4 = "192.0.2.7";
const v6 = "2001:DB8::7"; // as the client wrote it

describe("every outcome in each dialect of the grammar", () => {
  const cases: readonly (readonly [string, UpdateOutcome, string, string])[] = [
    // outcome, dyndns, mint; status and body
    ["changed", hosts(reached("changed", [v4])), `200 good ${v4}`, `200 good ${v4}`],
    ["unchanged", hosts(reached("unchanged", [v4])), `200 nochg ${v4}`, `200 nochg ${v4}`],
    [
      "both families, in the client's order and spelling",
      hosts(reached("changed", [v6, v4])),
      `200 good ${v6},${v4}`,
      `200 good ${v6},${v4}`,
    ],
    ["offline, or a challenge", hosts(reached("changed", [])), "200 good", "200 good"],
    ["no credentials", { kind: "no-credentials" }, "401 badauth", "401 badauth"],
    ["bad credentials", { kind: "bad-credentials" }, "401 badauth", "401 badauth"],
    ["unknown host", hosts({ kind: "unknown-host" }), "200 nohost", "200 nohost"],
    ["no full name", hosts({ kind: "not-a-full-name" }), "200 notfqdn", "200 nohost"],
    ["bad address", hosts({ kind: "bad-address" }), "200 dnserr", "200 badsys"],
    ["blocked", hosts({ kind: "blocked" }), "200 abuse", "200 abuse"],
    ["too many hosts", { kind: "too-many-hosts" }, "200 numhost", "200 badsys"],
    ["a passing trouble of ours", { kind: "try-later" }, "503 dnserr", "503 911"],
    [
      "one line a host, in order, and no line end",
      hosts(reached("changed", [v4]), { kind: "unknown-host" }, reached("unchanged", [v4])),
      `200 good ${v4}\nnohost\nnochg ${v4}`,
      `200 good ${v4}\nnohost\nnochg ${v4}`,
    ],
  ];
  for (const [title, outcome, dyndns, mint] of cases) {
    test(title, () => {
      for (const [reply, expected] of [
        [printDyndns(outcome), dyndns],
        [printMint(outcome), mint],
        [printBadip(outcome), title === "bad address" ? "200 badip" : dyndns],
      ] as const) {
        expect(`${reply.status} ${reply.body}`).toBe(expected);
        expect(reply.contentType).toBe("text/plain");
      }
    });
  }
});

test("an update of no host is our mistake, never an empty success", () => {
  expect(() => printDyndns(hosts())).toThrow("at least one host");
});
