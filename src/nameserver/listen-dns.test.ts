import { expect, setDefaultTimeout, test } from "bun:test";
import { openNameServer } from "../../test/dns/name-server.ts";
import { frame, openTcpClient, openUdpClient } from "../../test/dns/client.ts";
import { parseReply } from "../../test/dns/reply.ts";
import { mustParseName, serveZoneFile } from "../../test/dns/served-zone.ts";
import { quietLog } from "../../test/quiet-log.ts";
import { makeQuery, writeMessage } from "../dns/message.ts";
import { types } from "../dns/record-types.ts";
import type { Log } from "../observe/log.ts";
import { ZoneTable } from "../zone/zone-table.ts";
import { CannotListen, cannotListenForDns } from "./cannot-listen.ts";
import type { NameServer } from "./listen-dns.ts";
import { makeDnsWorker } from "./thread-keeper.ts";
import type { ThreadKind } from "./thread-keeper.ts";
import type { DnsAddress } from "./thread-messages.ts";

const table = new ZoneTable({ bytesMax: 8 * 1024 * 1024, hashSeed: 5 });
await serveZoneFile(table, "ddns.test");

const loopback: DnsAddress = { hostname: "127.0.0.1", port: 0 };
/** Generous: a thread is started anew, and the machine may be busy. */
const waitMs = 30_000;
setDefaultTimeout(60_000);

test("UDP and TCP on IPv4 and IPv6, several addresses at once", async () => {
  const listen = [loopback, { hostname: "::1", port: 0 }, { hostname: "127.0.0.2", port: 0 }];
  await using server = await openNameServer(table, { listen });
  expect(server.bound.map(({ hostname }) => hostname)).toEqual(["127.0.0.1", "::1", "127.0.0.2"]);
  for (const address of server.bound) {
    expect(address.port).toBeGreaterThan(0);
    expect(await askBoth(address)).toEqual(["192.0.2.1", "192.0.2.1"]);
  }
  expect(server.countReplies("udp", 0)).toBe(3);
  expect(server.countReplies("tcp", 0)).toBe(3);
});

test("0.0.0.0 and :: stand side by side on one port, each for its own family", async () => {
  await using server = await listenOnOnePort(["0.0.0.0", "::"]);
  const { port } = server.bound[0]!;
  expect(server.bound.map((bound) => bound.port)).toEqual([port, port]);
  for (const hostname of ["127.0.0.1", "::1"]) {
    expect(await askBoth({ hostname, port })).toEqual(["192.0.2.1", "192.0.2.1"]);
  }
});

test(":: alone does not take the port for IPv4", async () => {
  await using server = await openNameServer(table, { listen: [{ hostname: "::", port: 0 }] });
  const { port } = server.bound[0]!;
  expect(await askBoth({ hostname: "::1", port })).toEqual(["192.0.2.1", "192.0.2.1"]);
  await using other = await openNameServer(table, { listen: [{ hostname: "127.0.0.1", port }] });
  expect(other.aliveThreads()).toBe(other.wantedThreads);
});

test("a port that UDP or TCP of another program holds is named, with what to do", async () => {
  const udp = await Bun.udpSocket({ hostname: "127.0.0.1", port: 0, socket: {} });
  const tcp = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
  try {
    for (const { port } of [udp, tcp]) {
      const listening = openNameServer(table, {
        listen: [loopback, { hostname: "127.0.0.1", port }],
      });
      const error = await listening.then(undefined, (reason: unknown) => reason);
      expect(error).toBeInstanceOf(CannotListen);
      expect(String(error)).toContain(
        `Cannot listen for DNS on 127.0.0.1:${port}: another program uses this port. ` +
          "End it, or choose another address with --dns.",
      );
    }
  } finally {
    udp.close();
    tcp.stop(true);
  }
});

test("an address that this machine does not have is named", async () => {
  const address = { hostname: "2001:db8::53", port: 0 };
  const listening = openNameServer(table, { listen: [address] });
  const error = await listening.then(undefined, (reason: unknown) => reason);
  expect(String(error)).toContain(
    "Cannot listen for DNS on [2001:db8::53]:0: this machine does not",
  );
});

test("a port that needs a privilege is told with the capability that gives it", () => {
  const error = cannotListenForDns(
    { hostname: "0.0.0.0", port: 53 },
    "EACCES",
    "permission denied",
  );
  expect(error.message).toBe(
    "Cannot listen for DNS on 0.0.0.0:53: this user may not use port 53. " +
      "Give the process CAP_NET_BIND_SERVICE, or choose a port above 1023 with --dns.",
  );
});

test("what the system says otherwise is passed on", () => {
  const error = cannotListenForDns({ hostname: "::", port: 53 }, "EMFILE", "too many open files");
  expect(error.message).toBe("Cannot listen for DNS on [::]:53: too many open files");
});

test("closing frees the ports before it is done", async () => {
  const first = await openNameServer(table);
  const again = [...first.bound];
  await first[Symbol.asyncDispose]();
  expect(first.aliveThreads()).toBe(0);
  for (let i = 0; i < 5; i++) {
    await using server = await openNameServer(table, { listen: again });
    expect(server.bound).toEqual(again);
  }
});

for (const kind of ["sockets", "datagrams"] as const) {
  test(`the thread of ${kind} that ends is started again on its port, and answers what was written meanwhile`, async () => {
    const workers: Worker[] = [];
    const { log, errors } = listeningLog();
    const makeWorker = (wanted: ThreadKind): Worker => {
      const worker = makeDnsWorker(wanted);
      if (wanted === kind) workers.push(worker);
      return worker;
    };
    await using server = await openNameServer(table, { log, makeWorker });
    const address = server.bound[0]!;
    using open = await openTcpClient(address);
    open.write(frame(query));
    expect(await open.read(waitMs)).toBeInstanceOf(Uint8Array);
    for (let times = 1; times <= 2; times++) {
      workers.at(-1)!.terminate();
      await until(() => server.aliveThreads() < server.wantedThreads);
      const v4 = Uint8Array.of(192, 0, 2, times);
      table.setHost(mustParseName("host.ddns.test."), 60, v4, undefined);
      await until(() => server.aliveThreads() === server.wantedThreads);
      expect(await askBoth(address)).toEqual([`192.0.2.${times}`, `192.0.2.${times}`]);
    }
    expect(workers.length).toBe(3);
    expect(errors).toContain("A DNS thread ended and is started again");
    // A connection goes with its thread and is not counted for ever.
    open[Symbol.dispose]();
    await until(() => server.count("tcpOpen") === 0);
  }, 120_000);
}

for (const [how, wanted] of [
  ["the runtime's sockets", { udp: "portable" }],
  ["four threads on shared ports", { threads: 4 }],
] as const) {
  test(`with ${how}, UDP and TCP are answered on IPv4 and IPv6`, async () => {
    const listen = [loopback, { hostname: "::1", port: 0 }];
    await using server = await openNameServer(table, { ...wanted, listen });
    for (const address of server.bound) {
      // Many clients, so that every thread has some.
      for (let n = 0; n < 20; n++) expect(await askBoth(address)).toEqual([hostNow(), hostNow()]);
    }
    expect(server.countReplies("udp", 0)).toBe(40);
    expect(server.aliveThreads()).toBe(server.wantedThreads);
  });
}

test("replies come from the address that was asked, also where all addresses are listened on", async () => {
  await using server = await listenOnOnePort(["0.0.0.0", "::"]);
  const { port } = server.bound[0]!;
  // A client that is connected takes replies from there alone.
  for (const hostname of ["127.0.0.1", "127.0.0.2", "127.9.9.9", "::1"]) {
    expect(await askBoth({ hostname, port })).toEqual([hostNow(), hostNow()]);
  }
});

test("a thread that cannot be started is an error and not silence", async () => {
  const source = 'throw new Error("planted");';
  const broken = URL.createObjectURL(new Blob([source], { type: "application/javascript" }));
  const listening = openNameServer(table, { makeWorker: () => new Worker(broken) });
  const error = await listening.then(undefined, (reason: unknown) => reason);
  expect(String(error)).toContain("A DNS thread ended before it listened");
});

/** What the tests before have made of the host. */
function hostNow(): string {
  const [rrset] = table.listRrsets(mustParseName("host.ddns.test."));
  return rrset!.rdatas[0]!.join(".");
}

const query = writeMessage(makeQuery(mustParseName("host.ddns.test."), types.A, { id: 42 }));

/** What host.ddns.test is over UDP and over TCP. */
async function askBoth(address: DnsAddress): Promise<readonly string[]> {
  using udp = await openUdpClient(address);
  using tcp = await openTcpClient(address);
  tcp.write(frame(query));
  const replies = [await udp.ask(query, waitMs), await tcp.read(waitMs)];
  return replies.map((reply) => {
    if (reply === undefined || typeof reply === "string") return String(reply);
    return parseReply(reply)
      .answer.map(({ rdata }) => rdata.join("."))
      .join();
  });
}

/** A number that is free for all; the system gives one for the first, and another may be quicker. */
async function listenOnOnePort(hostnames: readonly string[]): Promise<NameServer> {
  for (let tries = 1; ; tries++) {
    const first = await openNameServer(table, { listen: [{ hostname: hostnames[0]!, port: 0 }] });
    const { port } = first.bound[0]!;
    await first[Symbol.asyncDispose]();
    try {
      const all = hostnames.map((hostname) => ({ hostname, port }));
      return await openNameServer(table, { listen: all });
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
}

function listeningLog(): { readonly log: Log; readonly errors: readonly string[] } {
  const errors: string[] = [];
  return { log: { ...quietLog, error: (_, sentence) => void errors.push(sentence) }, errors };
}

async function until(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + waitMs;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error("It did not come to be");
    await Bun.sleep(2);
  }
}
