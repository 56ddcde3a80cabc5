/** Where the client keeps what, when nobody says otherwise. */

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** systemd makes them and says where they are; these are their names where it runs the client. */
export const serviceName = "nameward-client";
const systemRuntime = `/run/${serviceName}`;
const systemState = `/var/lib/${serviceName}`;

/** The first that is there is read when neither flag nor variable names one. */
export function findConfigFile(env: Env): string | undefined {
  const own = env["XDG_CONFIG_HOME"] || join(homedir(), ".config");
  const places = [join(own, "nameward", "client.yaml"), "/etc/nameward/client.yaml"];
  return places.find((path) => existsSync(path));
}

export function memoryFileOf(state: string | undefined, env: Env): string {
  return join(state ?? stateFolder(env), "memory.json");
}

export function statusFileOf(state: string | undefined, env: Env): string {
  const folder = env["RUNTIME_DIRECTORY"] || state || stateFolder(env);
  return join(folder, "status.json");
}

/** Where a client may have left its status: as it is configured here, then as a service of the system. */
export function statusFiles(state: string | undefined, env: Env): readonly string[] {
  const own = statusFileOf(state, env);
  if (state !== undefined) return [own];
  return [own, ...[systemRuntime, systemState].map((folder) => join(folder, "status.json"))];
}

function stateFolder(env: Env): string {
  if (env["STATE_DIRECTORY"]) return env["STATE_DIRECTORY"];
  if (process.platform === "win32" && env["LOCALAPPDATA"]) {
    return join(env["LOCALAPPDATA"], serviceName);
  }
  if (process.getuid?.() === 0) return systemState;
  return join(env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), serviceName);
}
