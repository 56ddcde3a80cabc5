import { expect, test } from "bun:test";
import { Noisiest } from "./noisiest.ts";
import type { Receipt } from "./receipt.ts";

const receipt = (atMs: number, asked: string, outcome = "bad-credentials"): Receipt => ({
  atMs,
  host: undefined,
  asked,
  username: undefined,
  peer: "198.51.100.9",
  adapter: "dyndns2",
  userAgent: "camera",
  outcome,
  addresses: "",
  note: "",
});

test("who is refused most often comes first, and what was taken does not count", () => {
  const noisiest = new Noisiest();
  for (let i = 0; i < 5; i++) noisiest.note(receipt(i, "a.example.net"));
  for (let i = 0; i < 9; i++) noisiest.note(receipt(i, "b.example.net"));
  for (let i = 0; i < 20; i++) noisiest.note(receipt(i, "c.example.net", "unchanged"));
  expect(noisiest.list(10)).toMatchObject([
    { name: "b.example.net", refused: 9, device: "camera" },
    { name: "a.example.net", refused: 5 },
  ]);
  noisiest.note(receipt(3_600_000, "a.example.net"));
  expect(noisiest.list(10)).toMatchObject([{ name: "a.example.net", refused: 1 }]);
});

test("of five thousand names two thousand are kept", () => {
  const noisiest = new Noisiest();
  for (let i = 0; i < 5_000; i++) noisiest.note(receipt(0, `host${i}.example.net`));
  expect(noisiest.list(10_000)).toHaveLength(2_000);
});
