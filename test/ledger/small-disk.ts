/** A disk of a few megabytes for a data folder, and the ballast that fills it. */

import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tool } from "../debian.ts";

export interface SmallDisk extends AsyncDisposable {
  /** A data folder on it. */
  readonly data: string;
  /** Writes until nothing fits any more. May be said again, when something was freed meanwhile. */
  fill(): void;
  /** Takes the ballast away. */
  empty(): void;
}

const diskMiB = 32;
/** The last chunk that fits leaves less than one page of the file system. */
const chunkOctets = 4_096;

/** Needs root: only root may mount. It is unmounted in all cases when the disk is disposed. */
export async function mountSmallDisk(): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), "nameward-small-disk-"));
  const data = join(folder, "data");
  const ballast = join(folder, "ballast");
  try {
    await mustSpawn([tool("mount")!, "-t", "tmpfs", "-o", `size=${diskMiB}m`, "tmpfs", folder]);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  await mkdir(data, { mode: 0o700 });
  return {
    data,
    fill: () => fillUp(ballast),
    empty: () => rmSync(ballast, { force: true }),
    async [Symbol.asyncDispose]() {
      await mustSpawn([tool("umount")!, "--lazy", folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function fillUp(path: string): void {
  const chunk = new Uint8Array(chunkOctets).fill(0x62);
  const file = openSync(path, "a");
  try {
    while (writeSync(file, chunk) === chunkOctets);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  } finally {
    closeSync(file);
  }
}

async function mustSpawn(command: readonly string[]): Promise<void> {
  const child = Bun.spawn([...command], { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const said = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")} failed: ${said}`);
}
