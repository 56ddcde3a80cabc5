/** What the client sends to a service that behaves as it should not: a small server that writes down what it is asked. */

import { expect, test } from "bun:test";
import { join } from "node:path";
import { makeClientFolder, runOnce, startRunning } from "./running-client.ts";
import type { ClientFolder, RunningClient } from "./running-client.ts";

interface Heard {
  readonly hosts: readonly string[];
  readonly myip: string;
}

interface Recorder extends AsyncDisposable {
  readonly origin: string;
  readonly heard: readonly Heard[];
  /** What is answered from now on; asked for each request. */
  answer: (heard: Heard) => Response | Promise<Response>;
}

const good = ({ hosts, myip }: Heard): Response =>
  new Response(hosts.map(() => `good ${myip}`).join("\n"));

function startRecorder(): Recorder {
  const heard: Heard[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { searchParams } = new URL(request.url);
      const hosts = searchParams.get("hostname")?.split(",") ?? [];
      const one = { hosts, myip: searchParams.get("myip") ?? "" };
      heard.push(one);
      return recorder.answer(one);
    },
  });
  const recorder: Recorder = {
    origin: `http://127.0.0.1:${server.port}`,
    heard,
    answer: good,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
  return recorder;
}

function config(folder: ClientFolder, service: Recorder, hosts: readonly string[]): string[] {
  return [
    "profiles:",
    "  home:",
    "    service: dyndns2",
    `    server: ${service.origin}`,
    "    user: alice",
    "    password: x",
    `    hosts: [${hosts.join(", ")}]`,
    `    ipv4: ${folder.source}`,
    `    ipv6: ${folder.source}`,
    '    private: "yes"',
  ];
}

async function look(client: RunningClient, folder: ClientFolder): Promise<void> {
  const before = await folder.looks();
  client.signal("SIGHUP");
  for (let tries = 0; (await folder.looks()) < before + 2; tries++) {
    if (tries > 1_000) throw new Error("The client did not look");
    await Bun.sleep(20);
  }
}

test("hosts with the same addresses share a request, up to what the service takes", async () => {
  await using folder = await makeClientFolder();
  await using service = startRecorder();
  await folder.move({ 4: "203.0.113.1", 6: "2001:db8::1" });
  const hosts = Array.from({ length: 25 }, (_, i) => `h${i}.example.com`);
  const file = await folder.config(config(folder, service, hosts));
  const args = ["once", "--config", file, "--state", folder.state];
  expect((await runOnce(args)).code).toBe(0);
  expect(service.heard.map((heard) => heard.hosts.length)).toEqual([20, 5]);
  expect(service.heard.flatMap((heard) => heard.hosts)).toEqual(hosts);
  expect(service.heard.every(({ myip }) => myip === "203.0.113.1,2001:db8::1")).toBe(true);
  // Only the family that moved is sent.
  await folder.move({ 4: "203.0.113.1", 6: "2001:db8::2" });
  expect((await runOnce(args)).code).toBe(0);
  expect(service.heard.slice(2).map(({ myip }) => myip)).toEqual(["2001:db8::2", "2001:db8::2"]);
});

test("each host has the line that is its own", async () => {
  await using folder = await makeClientFolder();
  await using service = startRecorder();
  await folder.move({ 4: "203.0.113.1" });
  service.answer = () => new Response("good 203.0.113.1\nnohost\n911");
  const hosts = ["a.example.com", "b.example.com", "c.example.com"];
  const file = await folder.config(config(folder, service, hosts));
  const args = ["once", "--config", file, "--state", folder.state];
  expect((await runOnce(args)).code).toBe(3);
  service.answer = good;
  // The first is done, the second is refused, and the third waits half an hour, whoever asks.
  expect((await runOnce(args)).code).toBe(3);
  expect(service.heard).toHaveLength(1);
  const memory = await Bun.file(join(folder.state, "memory.json")).json();
  const kept = memory.hosts.map((one: Record<string, unknown>) => [
    one["host"],
    one["address"] ?? one["halted"] ?? typeof one["notBefore"],
  ]);
  expect(kept).toEqual([
    [hosts[0], "203.0.113.1"],
    [hosts[1], "nohost"],
    [hosts[2], "string"],
  ]);
});

test("an address that moves while a request is under way is sent after it, and the last one wins", async () => {
  await using folder = await makeClientFolder();
  await using service = startRecorder();
  const held = Promise.withResolvers<void>();
  service.answer = async (heard) => {
    await held.promise;
    return good(heard);
  };
  await folder.move({ 4: "203.0.113.1" });
  const file = await folder.config(config(folder, service, ["a.example.com"]));
  await using client = startRunning(["--config", file, "--state", folder.state]);
  for (let tries = 0; service.heard.length === 0 && tries < 1_000; tries++) await Bun.sleep(20);
  for (const address of ["203.0.113.2", "203.0.113.3"]) {
    await folder.move({ 4: address });
    await look(client, folder);
  }
  await look(client, folder); // it begins when the one before has ended
  held.resolve();
  await client.heard("accepted", 2);
  expect(service.heard.map(({ myip }) => myip)).toEqual(["203.0.113.1", "203.0.113.3"]);
});

test("a service in trouble is not asked again at each look", async () => {
  await using folder = await makeClientFolder();
  await using service = startRecorder();
  service.answer = () => new Response("", { status: 500 });
  await folder.move({ 4: "203.0.113.1" });
  const file = await folder.config(config(folder, service, ["a.example.com"]));
  await using client = startRunning(["--config", file, "--state", folder.state]);
  await client.heard("failed");
  service.answer = good;
  for (let i = 0; i < 3; i++) await look(client, folder);
  await folder.move({ 4: "203.0.113.2" });
  await look(client, folder);
  await Bun.sleep(500); // longer than a request takes to leave
  expect(service.heard).toHaveLength(1);
});

test("the system's file is written and taken away where it is told to", async () => {
  await using folder = await makeClientFolder();
  const installed = await runOnce(["install", "--root", folder.path]);
  expect(installed).toMatchObject({ code: 0 });
  const [, path = ""] = /^Written: (\S+)/.exec(installed.stdout) ?? [];
  expect(path.startsWith(folder.path)).toBe(true);
  expect(await Bun.file(path).text()).toContain("client run --config");
  expect(await runOnce(["uninstall", "--root", folder.path])).toMatchObject({ code: 0 });
  expect(await Bun.file(path).exists()).toBe(false);
  expect(await runOnce(["uninstall", "--root", folder.path])).toMatchObject({ code: 1 });
});

test("what is imported is a configuration, and sends", async () => {
  await using folder = await makeClientFolder();
  await using service = startRecorder();
  const foreign = join(folder.path, "ddclient.conf");
  const server = service.origin.replace("http://", "");
  await Bun.write(
    foreign,
    `protocol=dyndns2\nssl=no\nuse=ip, ip=203.0.113.9\nserver=${server}\nlogin=alice\npassword='p w'\nmail=root\na.example.com\n`,
  );
  const imported = await runOnce(["import", foreign]);
  expect(imported).toMatchObject({ code: 0, stderr: "not taken over: line 7: mail\n" });
  const file = await folder.config([imported.stdout]);
  expect((await runOnce(["once", "--config", file, "--state", folder.state])).code).toBe(0);
  expect(service.heard).toEqual([{ hosts: ["a.example.com"], myip: "203.0.113.9" }]);
});
