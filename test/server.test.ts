import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { parseReady, startServer } from "./server.ts";

test("the ready line tells where the server listens", () => {
  const line = "ready web=127.0.0.1:8080 devices=127.0.0.1:8245,127.0.0.1:80 dns=[::1]:53\n";
  expect(parseReady(line)).toMatchObject({
    web: { hostname: "127.0.0.1", port: 8080 },
    devices: { hostname: "127.0.0.1", port: 8245 },
    dns: { hostname: "::1", port: 53 },
  });
});

test("a ready line without a listener is no ready line", () => {
  expect(parseReady("ready web=127.0.0.1:8080 dns=127.0.0.1:53\n")).toBeUndefined();
});

test("a server that ends before it is ready is reported with what it said", async () => {
  const command = ["sh", "-c", "echo no disk >&2; exit 1"];
  await expect(startServer({ command })).rejects.toThrow("no disk");
});

test("a server is stopped by its id, and its folder is taken away", async () => {
  const ready = "echo ready web=127.0.0.1:1 devices=127.0.0.1:2 dns=127.0.0.1:3";
  const server = await startServer({ command: ["sh", "-c", `${ready}; exec sleep 600`] });
  expect(existsSync(server.data)).toBe(true);
  expect(server.devices.port).toBe(2);
  expect(await server.stop()).toBe("SIGTERM");
  await server[Symbol.asyncDispose]();
  expect(existsSync(server.data)).toBe(false);
});
