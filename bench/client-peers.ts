/**
 * `npm run bench:client-peers`: our client, ddclient and inadyn as daemons, each with the shortest poll it allows. How long a
 * change takes to DNS when it comes just after a look, and when each asks again after every error word.
 * `--minutes=5` says for how long the latter are watched.
 */

import {
  contenderHost,
  contenderNames,
  contenders,
  openRing,
  relayTo,
} from "../test/client/contenders.ts";
import type { ContenderName } from "../test/client/contenders.ts";
import { errorReplies } from "../test/client/error-replies.ts";
import { openNetwork } from "../test/client/network.ts";
import { makeClientFolder, startRunning } from "../test/client/running-client.ts";
import { password, serveHome } from "../test/clients/served-home.ts";
import type { ServedHome } from "../test/clients/served-home.ts";
import { printTable } from "./print-table.ts";

const minutes = Number(/^--minutes=(\d+)$/.exec(process.argv[2] ?? "")?.[1] ?? 5);
/** No more than our client sends at once when an interface flaps. */
const interfaceChanges = 4;
const changeMsMax = 150_000;

await using home = await serveHome();

async function hasAddress({ server, run }: ServedHome, address: string): Promise<boolean> {
  const question = ["@127.0.0.1", "-p", `${server.dns.port}`, "+short", contenderHost, "A"];
  return (await run(["dig", ...question])).stdout === `${address}\n`;
}

async function changeSeconds(name: ContenderName): Promise<string> {
  const { hostname, port } = home.server.devices;
  await using ring = await openRing(
    name,
    relayTo(hostname, port),
    contenders[name].pollSecondsLeast,
  );
  ring.start();
  await ring.settle();
  // ddclient sends nothing within half a minute of its last update.
  await ring.nextLook(changeMsMax);
  const address = `203.0.113.${10 + contenderNames.indexOf(name)}`;
  ring.move(address);
  const before = performance.now();
  while (!(await hasAddress(home, address))) {
    if (performance.now() - before > changeMsMax) return `not in ${changeMsMax / 1_000} s`;
    await Bun.sleep(200);
  }
  return `${((performance.now() - before) / 1_000).toFixed(1)} s`;
}

/** With a source of this machine nobody has to wait for a look: the system tells of changes (rtnetlink). */
async function interfaceSeconds(): Promise<string> {
  await using network = await openNetwork();
  await network.ip(`link add lan0 type veth peer name lan1
    link set lan0 up
    link set lan1 up
    addr add 203.0.114.1/24 dev lan0`);
  const enter = ["nsenter", "--target", `${network.pid}`, "--net"];
  await using inside = await serveHome({ enter });
  await using folder = await makeClientFolder();
  const file = await folder.config([
    "poll: 1d",
    "profiles:",
    "  home:",
    "    service: dyndns2",
    `    server: http://${inside.devices}`,
    "    user: user1",
    `    password: ${password}`,
    `    hosts: [${contenderHost}]`,
    "    ipv4: interface lan0",
  ]);
  await using client = startRunning(["--config", file, "--state", folder.state], enter);
  await client.heard("accepted");
  const delays: string[] = [];
  for (let i = 1; i <= interfaceChanges; i++) {
    await network.ip(`addr del 203.0.114.${i}/24 dev lan0
      addr add 203.0.114.${i + 1}/24 dev lan0`);
    const before = performance.now();
    while (!(await hasAddress(inside, `203.0.114.${i + 1}`))) await Bun.sleep(20);
    delays.push(((performance.now() - before) / 1_000).toFixed(2));
  }
  return delays.join(", ");
}

/** The seconds after its start at which it has sent an update. */
async function asksAgain(name: ContenderName, word: string): Promise<string> {
  await using ring = await openRing(name, errorReplies[word]!, contenders[name].pollSecondsLeast);
  const before = performance.now();
  ring.start();
  await Bun.sleep(minutes * 60_000);
  const at = ring.updatesAt().map((ms) => ((ms - before) / 1_000).toFixed(0));
  return `${at.join(", ")}${ring.isRunning() ? "" : ", ended"}`;
}

const head = [
  "",
  ...contenderNames.map((name) => `${name}, polls every ${contenders[name].pollSecondsLeast} s`),
];
const watched = Promise.all(
  Object.keys(errorReplies).map(async (word) => [
    word,
    ...(await Promise.all(contenderNames.map((name) => asksAgain(name, word)))),
  ]),
);
// One after the other: they keep the same host.
const delays: string[] = [];
for (const name of contenderNames) delays.push(await changeSeconds(name));
console.log(`nameward, a change of its interface to DNS: ${await interfaceSeconds()} s\n`);
console.log(printTable(head, [["change to DNS", ...delays]], 4));
console.log(`\nUpdates sent within ${minutes} minutes of the start, in seconds after it:`);
console.log(printTable(head, await watched, 4));
