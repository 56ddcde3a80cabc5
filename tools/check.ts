/** `npm run check`: what a machine can say about the code in half a minute. */

import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { printResult, root, runSteps } from "./step.ts";
import type { Step } from "./step.ts";

const bun = process.execPath;
const installed = `${root}node_modules/.bin/`;

/** Static checks. Each fails when it has nothing to look at. */
export const staticSteps: readonly Step[] = [
  { name: "types", command: [`${installed}tsc`, "--noEmit", "--pretty", "false"] },
  {
    name: "types of the pages",
    command: [`${installed}tsc`, "--noEmit", "--pretty", "false", "-p", "src/web"],
  },
  { name: "lint", command: [`${installed}oxlint`], counts: /on (\d+) files? with \d+ rules/ },
  { name: "format", command: [`${installed}oxfmt`, "--check", "."], counts: /on (\d+) files?/ },
  { name: "unused code", command: [`${installed}knip`, "--treat-config-hints-as-errors"] },
  { name: "citations", command: [bun, "tools/rfc.ts"], counts: /(\d+) citations/ },
  { name: "page of settings", command: [bun, "tools/configuration-doc.ts", "--check"] },
  { name: "page of the API", command: [bun, "tools/api-doc.ts", "--check"] },
  { name: "page of protocols", command: [bun, "tools/protocols-doc.ts", "--check"] },
];

/** Rooms whose tests mostly wait for sockets, threads and deadlines: each is a step, so that the lanes are even. */
const waitingRooms: readonly string[] = ["client", "devices", "nameserver", "observe"];
const rooms = readdirSync(`${root}src`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

function unitTests(name: string, folders: readonly string[]): Step {
  return { name, command: [bun, "test", ...folders], counts: /across (\d+) files?/ };
}

/** The tests a change is tried with each time; the rest runs in `npm test`. */
const testSteps: readonly Step[] = [
  unitTests("unit tests", [
    ...rooms.filter((room) => !waitingRooms.includes(room)).map((room) => `./src/${room}`),
    "./tools",
    "./bench",
  ]),
  ...waitingRooms.map((room) => unitTests(`unit tests of ${room}`, [`./src/${room}`])),
  {
    name: "import table",
    command: [bun, "test", "./test/architecture.test.ts"],
    counts: /across (\d+) files?/,
  },
];

if (import.meta.main) {
  const steps = [...testSteps, ...staticSteps];
  const results = await runSteps(steps, availableParallelism(), (result) => {
    console.log(printResult(result));
  });
  const failed = results.filter((result) => !result.isGood).length;
  console.log(`${results.length - failed} steps hold, ${failed} do not`);
  process.exitCode = failed === 0 ? 0 : 1;
}
