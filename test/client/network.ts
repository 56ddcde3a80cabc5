/** Networks of their own, in which a test may do as it likes. They need root rights and `unshare`. */

import { readlinkSync } from "node:fs";
import { tool } from "../debian.ts";

/** Needed for networks. */
export const networkTools: readonly string[] = [
  "unshare",
  "nsenter",
  "ip",
  ...(process.getuid?.() === 0 ? [] : ["root rights"]),
];

export interface Network extends AsyncDisposable {
  /** For `ip link … netns`. */
  readonly pid: number;
  /** Starts a program in it, which ends with the network at the latest. */
  start(command: readonly string[]): Bun.Subprocess<"pipe", "pipe", "pipe">;
  /** What it prints. Throws when it fails. */
  run(command: readonly string[]): Promise<string>;
  /** Commands of `ip`, one a line. */
  ip(commands: string): Promise<void>;
}

export async function openNetwork(): Promise<Network> {
  const holder = Bun.spawn([tool("unshare")!, "--net", "sleep", "300"], {
    stdio: ["ignore", "ignore", "ignore"],
  });
  const here = readlinkSync("/proc/self/ns/net");
  while (readlinkSync(`/proc/${holder.pid}/ns/net`) === here) await Bun.sleep(5);
  const started = new Set<Bun.Subprocess>();

  const start: Network["start"] = ([program = "", ...args]) => {
    const path = program.startsWith("/") ? program : (tool(program) ?? program);
    const enter = [tool("nsenter")!, "--target", `${holder.pid}`, "--net", path, ...args];
    const child = Bun.spawn(enter, { stdin: "pipe", stdout: "pipe", stderr: "pipe" });
    started.add(child);
    return child;
  };
  const run: Network["run"] = async (command) => {
    const child = start(command);
    await child.stdin.end();
    const [output, errors, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    if (code !== 0) throw new Error(`${command.join(" ")}: exit code ${code}: ${errors}`);
    return output;
  };
  const network: Network = {
    pid: holder.pid,
    start,
    run,
    ip: async (commands) => {
      for (const line of commands.trim().split("\n")) await run(["ip", ...line.trim().split(" ")]);
    },
    [Symbol.asyncDispose]: async () => {
      for (const child of [...started, holder]) {
        child.kill("SIGKILL");
        await child.exited;
      }
    },
  };
  await network.ip("link set lo up");
  return network;
}
