/** A server of the recorded world in a network of its own, where it stands in for the services that a client has built in. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { makeWorld } from "../adapters/world.ts";
import { TestAuthority } from "../certificates.ts";
import type { CommandResult, TestServer } from "../server.ts";
import { inNamespace, runClient } from "./served-home.ts";

export interface StandIn extends AsyncDisposable {
  readonly server: TestServer;
  /** For configuration files and caches of clients; mode 0700. */
  readonly folder: string;
  /** Who signed the certificate for all names: a file that a client is told to trust. */
  readonly trusted: string;
  /** The words before a command that run it where the server is. */
  readonly enter: readonly string[];
  /** Runs an unmodified program where the names lead to the server. */
  run(command: readonly string[]): Promise<CommandResult>;
  /** What a resolver gets. */
  resolve(host: string): Promise<string>;
}

/** Ports 80 and 443 of every name are the server's. */
export async function standInFor(names: readonly string[]): Promise<StandIn> {
  const folder = await mkdtemp(`${tmpdir()}/nameward-stand-in-`);
  const hosts = `${folder}/hosts`;
  await Bun.write(hosts, `127.0.0.1 localhost ${names.join(" ")}\n`);
  const authority = await TestAuthority.make(folder);
  const { certificate, key } = await authority.sign(["localhost", ...names]);
  const world = await makeWorld();
  const server = await world.start(
    [
      "--devices",
      "127.0.0.1:80",
      "--devices-tls=127.0.0.1:443",
      `--tls-certificates=${certificate}`,
      `--tls-keys=${key}`,
    ],
    inNamespace(hosts),
  );
  const enter = ["nsenter", "--target", `${server.pid}`, "--mount", "--net"];
  return {
    server,
    folder,
    trusted: authority.certificate,
    enter,
    run: (command) => runClient([...enter, ...command]),
    async resolve(host) {
      const query = ["@127.0.0.1", "-p", `${server.dns.port}`, "+short", host, "A"];
      return (await runClient([...enter, "dig", ...query])).stdout.trim();
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
