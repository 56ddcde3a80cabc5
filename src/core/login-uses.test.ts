import { expect, test } from "bun:test";
import { LoginUses } from "./login-uses.ts";

test("the last use counts, each is written once, and what the store had never hides a newer one", () => {
  const uses = new LoginUses();
  expect(uses.find(7)).toBeUndefined();
  uses.note({ login: 7, atMs: 1_000, device: "old camera" });
  uses.note({ login: 7, atMs: 2_000, device: "new camera" });
  uses.note({ login: 5_000_000, atMs: 3_000, device: "" }); // far above the room at the start
  const last = { login: 7, atMs: 2_000, device: "new camera" };
  expect(uses.find(7)).toEqual(last);
  expect(uses.take()).toEqual([last, { login: 5_000_000, atMs: 3_000, device: "" }]);
  expect(uses.take()).toEqual([]);
  uses.restore({ login: 7, atMs: 500, device: "from the store" });
  expect(uses.find(7)).toEqual(last);
  uses.restore({ login: 8, atMs: 400, device: "from the store" });
  expect(uses.find(8)?.device).toBe("from the store");
  expect(uses.take()).toEqual([]);
});

test("a flood of logins fills what waits up to its bound, and each is still known", () => {
  const uses = new LoginUses();
  for (let login = 1; login <= 60_000; login++) uses.note({ login, atMs: login, device: "x" });
  expect(uses.take()).toHaveLength(50_000);
  expect(uses.find(60_000)?.atMs).toBe(60_000);
});
