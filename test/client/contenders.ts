/** Update clients as daemons, all against the same service: ours, ddclient 3.10 and inadyn 2.10. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { namespaceTools, password } from "../clients/served-home.ts";
import { tool } from "../debian.ts";
import { program } from "../server.ts";
import { http, openFakeService } from "./fake-service.ts";
import type { FakeReply, FakeService } from "./fake-service.ts";

export const contenderTools = ["ddclient", "inadyn", ...namespaceTools];
export const contenderHost = "cam1.dyn.test";
const user = "user1";

interface Contender {
  /** Writes its configuration and gives back how it is started. */
  prepare(folder: string, service: string, pollSeconds: number): Promise<readonly string[]>;
  /** Makes it look at its address at once. */
  readonly look: NodeJS.Signals;
  /** The shortest poll that it allows. */
  readonly pollSecondsLeast: number;
}

/** By their names. Each is as its manual recommends for a dyndns2 service that tells the address on a page. */
export const contenders = {
  nameward: {
    look: "SIGHUP",
    pollSecondsLeast: 30,
    async prepare(folder, service, pollSeconds) {
      const lines = [
        `poll: ${pollSeconds}s`,
        "profiles:",
        "  home:",
        "    service: dyndns2",
        `    server: http://${service}`,
        `    user: ${user}`,
        `    password: ${password}`,
        `    hosts: [${contenderHost}]`,
        `    ipv4: http http://${service}/`,
        "    private: yes",
      ];
      await writeConfig(`${folder}/client.yaml`, lines);
      const kept = ["--config", `${folder}/client.yaml`, "--state", `${folder}/state`];
      return [program, "client", "run", ...kept];
    },
  },
  ddclient: {
    look: "SIGHUP",
    pollSecondsLeast: 60,
    async prepare(folder, service, pollSeconds) {
      const lines = [
        "syslog=no",
        "ssl=no",
        `use=web, web=${service}/, web-skip='Current IP Address:'`,
        "protocol=dyndns2",
        `server=${service}`,
        `login=${user}`,
        `password='${password}'`,
        contenderHost,
      ];
      await writeConfig(`${folder}/ddclient.conf`, lines);
      const kept = ["-cache", `${folder}/ddclient.cache`, "-pid", `${folder}/ddclient.pid`];
      const how = ["-foreground", "-noquiet", "-daemon", `${pollSeconds}`, "-timeout", "10"];
      return [tool("ddclient")!, ...how, "-file", `${folder}/ddclient.conf`, ...kept];
    },
  },
  inadyn: {
    look: "SIGUSR2",
    pollSecondsLeast: 30,
    /** The dialect is in it for services that it knows, so ours stands in for one of them. */
    async prepare(folder, service, pollSeconds) {
      const [address] = service.split(":");
      const names = "members.dyndns.org checkip.dyndns.org checkip.dyndns.com";
      await Bun.write(`${folder}/hosts`, `127.0.0.1 localhost\n${address} ${names}\n`);
      const lines = [
        `period = ${pollSeconds}`,
        "verify-address = false",
        "provider default@dyndns.org {",
        "  ssl = false",
        "  checkip-ssl = false",
        `  username = ${user}`,
        `  password = "${password}"`,
        `  hostname = "${contenderHost}"`,
        "}",
      ];
      await writeConfig(`${folder}/inadyn.conf`, lines);
      const kept = ["--no-pidfile", `--cache-dir=${folder}`, "-f", `${folder}/inadyn.conf`];
      const script = `mount --bind ${folder}/hosts /etc/hosts && exec "$0" "$@"`;
      const inside = [tool("unshare")!, "--mount", "sh", "-c", script];
      return [...inside, tool("inadyn")!, "-n", "-l", "info", ...kept];
    },
  },
} as const satisfies Record<string, Contender>;

/** Each of them complains of a configuration that others may read. */
async function writeConfig(path: string, lines: readonly string[]): Promise<void> {
  await writeFile(path, `${lines.join("\n")}\n`, { mode: 0o600 });
}

export type ContenderName = keyof typeof contenders;
export const contenderNames = Object.keys(contenders) as readonly ContenderName[];

type Answer = (request: string) => FakeReply | Promise<FakeReply>;

/** Asks a real service the same, octet by octet. */
export function relayTo(hostname: string, port: number): Answer {
  return async (request) => {
    const ended = Promise.withResolvers<void>();
    let text = "";
    await Bun.connect({
      hostname,
      port,
      socket: {
        open: (socket) => void socket.write(Buffer.from(request, "latin1")),
        data: (_, chunk) => void (text += chunk.toString("latin1")),
        close: () => ended.resolve(),
        error: (_, error) => ended.reject(error),
      },
    });
    await ended.promise;
    return { kind: "octets", text };
  };
}

export interface Ring extends AsyncDisposable {
  /** What the check page says from now on. */
  move(address: string): void;
  start(): void;
  stop(): Promise<void>;
  /** Makes it look, and waits until it has and would have sent. False when it does not look any more. */
  look(): Promise<boolean>;
  /** Waits for the look after a start and what follows. */
  settle(): Promise<void>;
  /** Waits until it looks by itself. */
  nextLook(msMax: number): Promise<void>;
  /** Update requests until now. */
  updates(): number;
  /** When they came, by `performance.now()`. */
  updatesAt(): readonly number[];
  isRunning(): boolean;
  said(): string;
}

/** A look is answered within milliseconds; a client that has not looked by then will not. */
const lookMs = 6_000;
/** From a look to its update: ours collects for a moment, a script starts slowly. */
const settleMs = 1_800;

/** Port 80 of an address of its own: a client that knows its service's port has nothing to configure. */
let lastAddress = Math.floor(Math.random() * 200) * 256;

function openService(answer: Answer): FakeService & { at: string } {
  const hostname = `127.${(process.pid % 200) + 20}.${(++lastAddress >> 8) & 255}.${lastAddress & 255 || 1}`;
  return Object.assign(openFakeService(answer, { hostname, port: 80 }), { at: `${hostname}:80` });
}

/** One client and a service that answers its updates so. */
export async function openRing(
  name: ContenderName,
  answer: Answer,
  pollSeconds = 300,
): Promise<Ring> {
  const folder = await mkdtemp(`${tmpdir()}/nameward-ring-`);
  let address = "203.0.113.1";
  let looks = 0;
  let looksBefore = 0;
  const updatesAt: number[] = [];
  const service = openService((request) => {
    if (/^GET \S*\/nic\/update/.test(request)) {
      updatesAt.push(performance.now());
      return answer(request);
    }
    looks++;
    return http("200 OK", `Current IP Address: ${address}`);
  });
  const contender: Contender = contenders[name];
  const command = await contender.prepare(folder, service.at, pollSeconds);
  let child: Bun.Subprocess | undefined;
  let said = "";
  const listen = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const octets of stream) said += Buffer.from(octets).toString("latin1");
  };
  const isRunning = (): boolean => child?.exitCode === null && child.signalCode === null;
  const hasLooked = async (before: number): Promise<boolean> => {
    const end = Date.now() + lookMs;
    while (looks === before && Date.now() < end && isRunning()) await Bun.sleep(20);
    await Bun.sleep(settleMs);
    return looks > before;
  };
  const stop = async (): Promise<void> => {
    if (child === undefined || !isRunning()) return;
    child.kill("SIGTERM");
    const timer = setTimeout(() => child?.kill("SIGKILL"), lookMs);
    await child.exited;
    clearTimeout(timer);
  };
  return {
    move: (to) => {
      address = to;
    },
    start: () => {
      looksBefore = looks;
      const started = Bun.spawn([...command], {
        env: { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`, LC_ALL: "C" },
        stdio: ["ignore", "pipe", "pipe"],
      });
      void listen(started.stdout);
      void listen(started.stderr);
      child = started;
    },
    stop,
    async look() {
      if (child === undefined || !isRunning()) return false;
      const before = looks;
      child.kill(contender.look);
      return hasLooked(before);
    },
    async nextLook(msMax) {
      const [before, end] = [looks, Date.now() + msMax];
      while (looks === before && Date.now() < end) await Bun.sleep(20);
    },
    async settle() {
      await hasLooked(looksBefore);
    },
    updates: () => updatesAt.length,
    updatesAt: () => updatesAt,
    isRunning,
    said: () => said,
    async [Symbol.asyncDispose]() {
      await stop();
      service[Symbol.dispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
