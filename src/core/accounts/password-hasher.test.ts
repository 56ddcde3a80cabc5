import { expect, test } from "bun:test";
import { HasherBusy, PasswordHasher, isOutdated } from "./password-hasher.ts";

test("what is stored is argon2id of 19 MiB and two passes, and opens with its password alone (A35)", async () => {
  const hasher = new PasswordHasher(2);
  const hash = await hasher.hash("four plain words");
  expect(hash).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
  expect(await hasher.isRight("four plain words", hash)).toBe(true);
  expect(await hasher.isRight("four plain words ", hash)).toBe(false);
  expect([isOutdated(hash), isOutdated(await Bun.password.hash("x"))]).toEqual([false, true]);
});

test("whom nobody knows, and what is no hash, cost a hash and are never right", async () => {
  const hasher = new PasswordHasher(2);
  for (const hash of [undefined, "!", "", "$2b$10$abc"]) {
    const before = hasher.runs;
    expect(await hasher.isRight("anything", hash)).toBe(false);
    expect(hasher.runs).toBe(before + 1);
  }
});

test("one fewer than there are processors work at once; behind those that may wait one is told so", async () => {
  const hasher = new PasswordHasher(3, 4);
  const works = Array.from({ length: 6 }, () => hasher.hash("four plain words"));
  expect(hasher.runs).toBe(2);
  await expect(hasher.hash("one too many")).rejects.toThrow(HasherBusy);
  expect(new Set(await Promise.all(works)).size).toBe(6);
  await hasher.hash("there is room again");
});
