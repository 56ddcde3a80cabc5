/** The web listener of a running service: health, metrics, status page and its headers. */

import { expect, test } from "bun:test";
import { startServer } from "../server.ts";

test("health, metrics and the status page are served, with the headers that keep them safe", async () => {
  await using server = await startServer();
  const url = `http://${server.web.hostname}:${server.web.port}`;

  const health = await fetch(`${url}/healthz`);
  expect(health.status).toBe(200);
  expect(await health.json()).toMatchObject({ status: "ok", store: "ready", dnsThreadsAlive: 2 });

  const metrics = await fetch(`${url}/metrics`);
  expect(metrics.headers.get("content-type")).toStartWith("text/plain; version=0.0.4");
  const text = await metrics.text();
  for (const line of [
    'nameward_updates_total{outcome="changed"} 0',
    'nameward_open_connections{listener="devices"} 0',
    'nameward_limits_reached_total{limit="device-connections"} 0',
    "nameward_store_ready 1",
    'nameward_store_group_changes_bucket{le="+Inf"} 0',
    'nameward_store_commit_seconds_bucket{le="+Inf"} 0',
  ]) {
    expect(text).toContain(line);
  }

  const page = await fetch(`${url}/status`);
  expect(page.headers.get("content-security-policy")).toStartWith("default-src 'none'");
  expect(page.headers.get("x-content-type-options")).toBe("nosniff");
  expect(await page.text()).toContain("<title>Nameward</title>");
  const status: unknown = await (await fetch(`${url}/status.json`)).json();
  expect(status).toMatchObject({ hosts: [] }); // the names of hosts are nobody's business here
});

for (const [method, path, status] of [
  ["POST", "/", 405],
  ["DELETE", "/metrics", 405],
  ["GET", "/no-such-page", 404],
  ["GET", "/../package.json", 404],
] as const) {
  test(`${method} ${path} is ${status}`, async () => {
    await using server = await startServer();
    const reply = await fetch(`http://${server.web.hostname}:${server.web.port}${path}`, {
      method,
    });
    expect(reply.status).toBe(status);
    expect(reply.headers.get("content-security-policy")).not.toBeNull();
  });
}

test("metrics are for the addresses that the operator named", async () => {
  await using server = await startServer({ args: ["--metrics-from", "192.0.2.0/24"] });
  const reply = await fetch(`http://${server.web.hostname}:${server.web.port}/metrics`);
  expect(reply.status).toBe(403);
});

test("a port that is taken is said in words, and the exit code is 1", async () => {
  await using server = await startServer();
  const taken = `${server.web.hostname}:${server.web.port}`;
  const failing = startServer({ args: ["--web", taken] });
  const said = await failing.then(
    () => "it came up",
    (error: Error) => error.message,
  );
  expect(said).toContain(`Cannot listen on ${taken}`);
});
