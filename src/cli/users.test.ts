import { expect, test } from "bun:test";
import { join } from "node:path";
import { systemClock } from "../base/clock.ts";
import { CommandLine } from "../../test/command-line.ts";
import { quietLog } from "../../test/quiet-log.ts";
import { openStore } from "../store/open-store.ts";

const password = "four plain words together";

test("a set-up link is printed on an empty folder, and no longer when there is an account", async () => {
  using line = new CommandLine();
  const { url } = await line.json<{ url: string }>(["setup-link"]);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:8080\/#setup=[1-9A-HJ-NP-Za-km-z]{44}$/);
  const elsewhere = ["setup-link", "--public-url", "https://names.example.net"];
  expect((await line.run(elsewhere)).stdout).toContain("  https://names.example.net/#setup=");
  await line.json(["user", "add", "alice", "--admin", "--password-stdin"], password);
  const { code, stderr } = await line.run(["setup-link"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("There is an account already.")]);
});

test("an account is changed by the operator, and nobody takes the last administrator away", async () => {
  using line = new CommandLine();
  await line.json(["user", "add", "alice", "--admin", "--password-stdin"], password);
  await line.json(["user", "add", "bob", "--password-stdin"], password);
  const set = ["user", "set"];
  expect((await line.run([...set, "bob", "--role", "admin"])).code).toBe(0);
  expect((await line.run([...set, "alice", "--state", "suspended"])).code).toBe(0);
  const last = await line.run([...set, "bob", "--role", "user"]);
  expect([last.code, last.stderr]).toEqual([1, expect.stringContaining("Nobody would be left")]);
  const next = "quite another set of words";
  await line.json([...set, "bob", "--password-stdin", "--no-second-factor"], next);
  const url = join(line.data, "nameward.db");
  await using store = await openStore({ url, thread: false, clock: systemClock, log: quietLog });
  const [alice, bob] = await store.accounts.listAccounts({ limit: 2 });
  expect(alice).toMatchObject({ name: "alice", isAdmin: true, isSuspended: true });
  expect(bob).toMatchObject({ name: "bob", isAdmin: true, isSuspended: false });
  const kept = await store.accounts.findAccount({ name: "bob" });
  expect(await Bun.password.verify(next, kept!.passwordHash)).toBe(true);
});

const wrong = [
  [["user", "set", "alice"], 2, "Nothing is said to change."],
  [["user", "set", "alice", "--role", "king"], 2, "--role or --state is not understood."],
  [["user", "set", "nobody", "--role", "user"], 1, "There is no user"],
] as const;
for (const [argv, code, says] of wrong) {
  test(`${argv.join(" ")} is refused: ${says}`, async () => {
    using line = new CommandLine();
    await line.json(["user", "add", "alice", "--password-stdin"], password);
    const ended = await line.run(argv);
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(says)]);
  });
}
