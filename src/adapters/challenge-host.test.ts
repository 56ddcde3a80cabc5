import { expect, test } from "bun:test";
import { findChallengedHost } from "./challenge-host.ts";

test.each([
  ["_acme-challenge.cam1.example.test.", "cam1.example.test"],
  ["_ACME-Challenge.Cam1.example.test", "cam1.example.test"],
  ["_acme-challenge._acme-challenge.cam1.example.test", "_acme-challenge.cam1.example.test"],
  ["cam1.example.test.", undefined],
  ["_acme-challenge.", undefined],
  ["_acme-challenge.test", undefined], // a top-level domain is nobody's host
  ["_acme-challenge.*.example.test", undefined],
  ["x_acme-challenge.cam1.example.test", undefined],
  ["", undefined],
] as const)("%s is about %p", (name, host) => {
  expect(findChallengedHost(name) as string | undefined).toBe(host);
});
