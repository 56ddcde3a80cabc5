import { describe, expect, test } from "bun:test";
import { hosts, outcomes, reached } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { question } from "../../../test/question.ts";
import type { HostOutcome } from "../../core/update.ts";
import { printZoneedit } from "./zoneedit.ts";

const reachedAs = (code: number, text: string): string =>
  `<SUCCESS CODE="${code}" TEXT="${text}" ZONE="example.test" HOST="cam1.example.test" IP="192.0.2.7">`;
const changed = reachedAs(200, "Update succeeded.");
const unchanged = reachedAs(201, "No records need updating.");
const failedLogin = '401 <ERROR CODE="708" TEXT="Failed Login.">';
const noZone = '<ERROR CODE="701" TEXT="Zone is not set up in this account." ZONE="example.test">';

const table: OutcomeTable = {
  changed: `200 ${changed}`,
  unchanged: `200 ${unchanged}`,
  "no credentials": failedLogin,
  "bad credentials": failedLogin,
  "unknown host": `200 ${noZone}`,
  "not a full name": `200 ${noZone}`,
  "bad address": '200 <ERROR CODE="702" TEXT="Invalid address.">',
  blocked: '200 <ERROR CODE="707" TEXT="The host is held.">',
  "too many hosts": '200 <ERROR CODE="702" TEXT="Too many hosts.">',
  later: '503 <ERROR CODE="702" TEXT="Try later.">',
  "one of two refused": `200 ${changed}\n${noZone}`,
  "one of two changed": `200 ${unchanged}\n${changed}`,
};

describe("an element for each outcome", () => {
  const asked = question("", { hosts: ["cam1.example.test", "cam9.example.test"] });
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const { status, body } = printZoneedit(outcome, asked);
      expect(`${status} ${body}`).toBe(table[title as keyof OutcomeTable]);
    });
  }
});

test("the zone is the one that the client named", () => {
  const outcome = hosts(reached("changed", "192.0.2.7"));
  expect(printZoneedit(outcome, question("zone=test")).body).toContain('ZONE="test"');
});

test("a host without a dot is in no zone but itself", () => {
  const outcome = hosts({ kind: "not-a-full-name" });
  expect(printZoneedit(outcome, question("", { hosts: ["cam1"] })).body).toContain('ZONE="cam1"');
});

describe("what was asked for cannot end its attribute", () => {
  const unknown: HostOutcome = { kind: "unknown-host" };
  const written = ['"><SUCCESS CODE="200">', "a\r\nX: y", "<b>&", "é\u0000"];
  for (const zone of written) {
    test(JSON.stringify(zone), () => {
      const query = `zone=${encodeURIComponent(zone)}`;
      expect(printZoneedit(hosts(unknown), question(query)).body).toMatch(
        /^<ERROR CODE="701" TEXT="[\w .]+" ZONE="[\w.:,-]*">$/,
      );
    });
  }
});
