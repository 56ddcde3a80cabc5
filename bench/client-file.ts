/**
 * `npm run bench:client-file`: how long the one-file executable takes to start, how large it is, and what its client
 * holds in memory while it waits, beside a checkout and the daemons of ddclient and inadyn where they are installed.
 */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { http, openFakeService } from "../test/client/fake-service.ts";
import { tool } from "../test/debian.ts";
import { program } from "../test/server.ts";
import { compile } from "../tools/compile.ts";
import { median, printTable } from "./print-table.ts";
import { readCpuMicros, readRssOctets } from "./process-figures.ts";
import { runProgram } from "./run-program.ts";

const starts = 15;
/** An update client is started by hand and by timers. */
const startAimMs = 100;
/** Long enough for the update after the start, and for what follows it to be cleared away. */
const idleMs = 20_000;

async function startMs(command: readonly string[]): Promise<number> {
  const figures: number[] = [];
  for (let i = 0; i < starts; i++) {
    const before = performance.now();
    await runProgram(command);
    figures.push(performance.now() - before);
  }
  return median(figures);
}

interface Daemon {
  readonly name: string;
  readonly command: readonly string[];
}

/** All of them look every five minutes and keep one host. */
async function daemons(folder: string, file: string, port: number): Promise<readonly Daemon[]> {
  await writeFile(`${folder}/password`, "secret\n", { mode: 0o600 });
  const ours =
    `client run --service dyndns2 --server http://127.0.0.1:${port} --user user1 --hosts cam1.dyn.test --password-file ${folder}/password --state`.split(
      " ",
    );
  const source = ["--ipv4", "fixed 203.0.113.7"];
  const found: Daemon[] = [
    { name: "nameward, one file", command: [file, ...ours, `${folder}/one-file`, ...source] },
    { name: "nameward, checkout", command: [program, ...ours, `${folder}/checkout`, ...source] },
  ];
  const ddclient = tool("ddclient");
  if (ddclient !== undefined) {
    await writeFile(
      `${folder}/ddclient.conf`,
      `syslog=no\nssl=no\nuse=ip, ip=203.0.113.7\nprotocol=dyndns2\nserver=127.0.0.1:${port}\nlogin=user1\npassword=secret\ncam1.dyn.test\n`,
      { mode: 0o600 },
    );
    const kept = ["-cache", `${folder}/ddclient.cache`, "-pid", `${folder}/ddclient.pid`];
    const how = ["-foreground", "-daemon", "300", "-file", `${folder}/ddclient.conf`];
    found.push({ name: "ddclient", command: [ddclient, ...how, ...kept] });
  }
  const inadyn = tool("inadyn");
  if (inadyn !== undefined) {
    const at = `"127.0.0.1:${port}"`;
    await writeFile(
      `${folder}/inadyn.conf`,
      `period = 300\nverify-address = false\ncustom home {\n ssl = false\n checkip-ssl = false\n checkip-server = ${at}\n ddns-server = ${at}\n ddns-path = "/nic/update?hostname=%h&myip=%i"\n username = user1\n password = secret\n hostname = cam1.dyn.test\n}\n`,
      { mode: 0o600 },
    );
    const how = ["-n", "--no-pidfile", `--cache-dir=${folder}`, "-f", `${folder}/inadyn.conf`];
    found.push({ name: "inadyn", command: [inadyn, ...how] });
  }
  return found;
}

const folder = await mkdtemp(`${tmpdir()}/nameward-client-file-`);
try {
  const file = `${folder}/nameward`;
  await compile(file);
  const [cpu] = cpus();
  console.log(`${cpu?.model} x ${cpus().length}, load ${loadavg()[0]?.toFixed(1)}`);
  console.log(`one file: ${(Bun.file(file).size / 1e6).toFixed(0)} MB\n`);
  const commands = {
    "one file: client --help": [file, "client", "--help"],
    "one file: version": [file, "version"],
    "checkout: client --help": [program, "client", "--help"],
    "a program that does nothing": ["true"],
  };
  const rows: string[][] = [];
  for (const [name, command] of Object.entries(commands)) {
    rows.push([name, (await startMs(command)).toFixed(0)]);
  }
  console.log(printTable([`median of ${starts} starts`, "ms"], rows, 1));
  console.log(`aim: the client below ${startAimMs} ms\n`);

  using service = openFakeService((head) => {
    const isUpdate = head.includes("/nic/update");
    return http("200 OK", isUpdate ? "good 203.0.113.7" : "203.0.113.7");
  });
  const all = await daemons(folder, file, service.port);
  const running = all.map(({ command }) =>
    Bun.spawn([...command], { stdin: "ignore", stdout: "ignore", stderr: "ignore" }),
  );
  try {
    await Bun.sleep(idleMs);
    const before = running.map(({ pid }) => readCpuMicros(pid));
    await Bun.sleep(idleMs);
    const lines = all.map(({ name }, at) => {
      const { pid } = running[at]!;
      const rss = (readRssOctets(pid) / 1e6).toFixed(1);
      const micros = (readCpuMicros(pid) - before[at]!) / (idleMs / 1_000);
      return [name, rss, (micros / 1_000).toFixed(1)];
    });
    console.log(printTable(["daemon, waiting", "resident MB", "CPU ms/s"], lines, 1));
    console.log(`${service.requests.length} requests reached the service`);
  } finally {
    for (const child of running) child.kill();
    await Promise.all(running.map((child) => child.exited));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
