/** The program as one executable, in a folder with nothing else. */

import { afterAll, beforeAll, expect } from "bun:test";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import packageFile from "../package.json" with { type: "json" };
import { compile } from "../tools/compile.ts";
import { makeHome, password, runClient } from "./clients/served-home.ts";
import { testWith } from "./debian.ts";
import { makeDataFolder, startServer } from "./server.ts";
import type { CommandResult } from "./server.ts";

let folder: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/nameward-one-file-`);
  program = `${folder}/bin/nameward`;
  await mkdir(`${folder}/empty`);
  await compile(program);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** In the empty folder, without a variable that leads elsewhere. */
const alone = (): string[] => ["env", "-C", `${folder}/empty`];

function run(...args: readonly string[]): Promise<CommandResult> {
  return runClient([...alone(), program, ...args]);
}

testWith(["env"], "one file says its version, its help and where it lies", async () => {
  const version = await run("version");
  expect(version).toMatchObject({ code: 0, stdout: expect.stringContaining(packageFile.version) });
  expect(await run("client", "--help")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("nameward client COMMAND"),
  });
  const unit = await run("client", "install", "--print");
  expect(unit.stdout).toContain(`"${program}" client run`);
  expect(await readdir(`${folder}/empty`)).toEqual([]);
});

testWith(
  ["env", "dig", "kdig"],
  "one file serves signed DNS, and its client updates it",
  async () => {
    const data = await makeDataFolder();
    try {
      await makeHome(data);
      expect(await run("zone", "sign", "dyn.test", "--data", data)).toMatchObject({ code: 0 });
      await using server = await startServer({ data, command: [...alone(), program] });
      await findPages(`http://127.0.0.1:${server.web.port}`);
      await writeFile(`${folder}/password`, `${password}\n`, { mode: 0o600 });
      const flags =
        `client once --service dyndns2 --server http://127.0.0.1:${server.devices.port} --user user1 --hosts cam1.dyn.test --password-file ${folder}/password --state ${folder}/state`.split(
          " ",
        );
      const once = await run(...flags, "--ipv4", "fixed 203.0.113.71");
      expect(once).toMatchObject({ code: 0 });
      const query = ["@127.0.0.1", "-p", `${server.dns.port}`, "+short", "cam1.dyn.test", "A"];
      for (const asker of [
        ["dig", "+dnssec"],
        ["kdig", "+tcp", "+dnssec"],
      ]) {
        const { stdout } = await runClient([...asker, ...query]);
        expect(stdout).toMatch(/^203\.0\.113\.71\nA 13 3 /);
      }
      expect(await server.stop()).toBe(0);
    } finally {
      await rm(data, { recursive: true });
    }
  },
  90_000,
);

testWith(
  ["env"],
  "without the scripts of its threads it would not serve",
  async () => {
    const lame = `${folder}/bin/lame`;
    await compile(lame, []);
    const started = startServer({ command: [...alone(), lame] });
    const said = await started.then(String, String);
    expect(said).toMatch(/did not become ready[^]*ModuleNotFound resolving "[^"]*-thread.ts/);
  },
  90_000,
);

/** The pages were bundled before: their sources are not in the file. */
async function findPages(web: string): Promise<void> {
  const page = await (await fetch(`${web}/hosts`)).text();
  const paths = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]);
  expect(paths.length).toBe(2);
  for (const path of paths) expect((await fetch(`${web}${path}`)).status).toBe(200);
}
