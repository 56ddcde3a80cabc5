/** curl, GNU wget and busybox wget, as scripts and cron jobs call them. */

import { expect } from "bun:test";
import { testWith } from "../debian.ts";
import { password, runClient, serveHome } from "./served-home.ts";

const curl = ["curl", "-s", "-w", " %{http_code}"];
const authorized = ["-u", `user1:${password}`];
const inUrl = "user1:p%40ss%20w0rd";

testWith(["curl", "dig", "kdig"], "curl updates a host in every way scripts use it", async () => {
  await using home = await serveHome();
  const update = `http://${home.devices}/nic/update`;
  const cam1 = `${update}?hostname=cam1.dyn.test`;
  const form = ["-d", "hostname=cam1.dyn.test&myip=203.0.113.7"];
  // In order: each row is what was sent, what curl printed, and what DNS says then.
  const rows: readonly [readonly string[], string, a: string, aaaa: string][] = [
    [[`${cam1}&myip=203.0.113.5`], "badauth 401", "", ""],
    [["-u", "user1:wrong", `${cam1}&myip=203.0.113.5`], "badauth 401", "", ""],
    [[...authorized, `${cam1}&myip=203.0.113.5`], "good 203.0.113.5 200", "203.0.113.5", ""],
    [[...authorized, `${cam1}&myip=203.0.113.5`], "nochg 203.0.113.5 200", "203.0.113.5", ""],
    [
      [...authorized, "--http1.0", `${cam1}&myip=203.0.113.6`],
      "good 203.0.113.6 200",
      "203.0.113.6",
      "",
    ],
    [[...authorized, ...form, update], "good 203.0.113.7 200", "203.0.113.7", ""],
    [
      [...authorized, `${cam1}&myip=203.0.113.8,2001:db8::8`],
      "good 203.0.113.8,2001:db8::8 200",
      "203.0.113.8",
      "2001:db8::8",
    ],
    [[...authorized, `${cam1}&offline=YES`], "good 127.0.0.1 200", "", ""],
  ];
  for (const [args, said, a, aaaa] of rows) {
    const result = await runClient([...curl, ...args]);
    expect([args, result]).toEqual([args, { code: 0, stdout: said, stderr: "" }]);
    expect([args, await home.resolve("cam1.dyn.test")]).toEqual([args, a]);
    expect([args, await home.resolve("cam1.dyn.test", "AAAA")]).toEqual([args, aaaa]);
  }
  expect(await home.countOutcome("no-credentials")).toBe(1);
  expect(await home.countOutcome("bad-credentials")).toBe(1);
});

// GNU wget sends no credentials until it is challenged: that first request is no failed login.
testWith(["wget", "dig", "kdig"], "GNU wget updates a host after a challenge", async () => {
  await using home = await serveHome();
  const query = `${home.devices}/nic/update?hostname=cam1.dyn.test&myip=203.0.113.5`;
  const dns = ["@127.0.0.1", "-p", `${home.server.dns.port}`];
  const answer = await runClient(["dig", ...dns, "cam1.dyn.test", "A"]);
  expect(answer.stdout).toContain("status: NOERROR");

  const good = await runClient(["wget", "-O-", "-S", "--tries=1", `http://${inUrl}@${query}`]);
  expect(good.code).toBe(0);
  expect(good.stdout).toBe("good 203.0.113.5");
  expect(good.stderr.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 401", "HTTP/1.1 200"]);
  expect(await home.resolve("cam1.dyn.test")).toBe("203.0.113.5");
  expect(await home.countOutcome("bad-credentials")).toBe(0);
  expect(await home.countOutcome("no-credentials")).toBe(1);
  const receipt = await home.newestReceipt("cam1.dyn.test");
  expect(receipt).toMatchObject({ outcome: "changed", username: "user1", adapter: "dyndns" });

  const bad = await runClient(["wget", "-qO-", "--tries=1", `http://user1:wrong@${query}`]);
  expect(bad.code).toBe(6);
  expect(await home.countOutcome("bad-credentials")).toBe(1);
});

// Whoever posts is challenged as whoever gets; busybox sends its login at once.
testWith(
  ["wget", "busybox", "curl", "dig", "kdig"],
  "a form that is posted updates a host, whoever posts it",
  async () => {
    await using home = await serveHome();
    const url = `${home.devices}/nic/update`;
    const form = (address: string): string => `hostname=cam1.dyn.test&myip=${address}`;
    for (const [address, client] of [
      ["203.0.113.11", ["wget", "-qO-", "--tries=1", `--post-data=${form("203.0.113.11")}`]],
      ["203.0.113.12", ["busybox", "wget", "-qO-", "--post-data", form("203.0.113.12")]],
      ["203.0.113.13", ["curl", "-s", "-X", "POST", "-d", form("203.0.113.13")]],
    ] as const) {
      const { code, stdout } = await runClient([...client, `http://${inUrl}@${url}`]);
      expect([code, stdout]).toEqual([0, `good ${address}`]);
      expect(await home.resolve("cam1.dyn.test")).toBe(address);
    }
    expect(await home.countOutcome("bad-credentials")).toBe(0);
  },
);

// A script may look again at once: what it set is there, and nobody keeps what was there for long.
testWith(["wget", "dig"], "dig sees an update that GNU wget has just been told of", async () => {
  await using home = await serveHome();
  const query = `${home.devices}/nic/update?hostname=cam2.dyn.test&myip=203.0.113.5`;
  const dig = ["dig", "@127.0.0.1", "-p", `${home.server.dns.port}`, "cam2.dyn.test", "A"];
  const before = await runClient(dig);
  expect(before.stdout).toContain("status: NOERROR");
  expect(before.stdout).toContain("ANSWER: 0");
  await runClient(["wget", "-qO-", "--tries=1", `http://${inUrl}@${query}`]);
  const { stdout } = await runClient([...dig, "+noall", "+answer"]);
  const [, ttlSeconds, , , address] = stdout.trim().split(/\s+/);
  expect(address).toBe("203.0.113.5");
  expect(Number(ttlSeconds)).toBeLessThanOrEqual(60);
});

testWith(["busybox", "dig", "kdig"], "busybox wget updates a host at once", async () => {
  await using home = await serveHome();
  const query = `${home.devices}/nic/update?hostname=cam1.dyn.test&myip=203.0.113.5`;
  const bad = await runClient(["busybox", "wget", "-qO-", `http://user1:wrong@${query}`]);
  expect(bad.code).toBe(1);
  expect(bad.stderr).toContain("401");
  expect(await home.resolve("cam1.dyn.test")).toBe("");
  const good = await runClient(["busybox", "wget", "-qO-", `http://user1:${password}@${query}`]);
  expect(good).toEqual({ code: 0, stdout: "good 203.0.113.5", stderr: "" });
  expect(await home.resolve("cam1.dyn.test")).toBe("203.0.113.5");
  expect(await home.countOutcome("no-credentials")).toBe(0);
});
