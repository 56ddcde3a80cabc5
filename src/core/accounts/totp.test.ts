import { describe, expect, test } from "bun:test";
import { findStep, makeCode, printBase32, printTotpUri, stepAt } from "./totp.ts";

/** RFC 6238 appendix B, SHA-1: eight digits of the key 12345678901234567890. */
const vectors = [
  [59, "94287082"],
  [1_111_111_109, "07081804"],
  [1_111_111_111, "14050471"],
  [1_234_567_890, "89005924"],
  [2_000_000_000, "69279037"],
  [20_000_000_000, "65353130"],
] as const;
const secret = Buffer.from("12345678901234567890");

for (const [seconds, code] of vectors) {
  test(`the code of second ${seconds} is ${code} (RFC 6238 appendix B)`, () => {
    expect(makeCode(secret, stepAt(seconds * 1_000), 8)).toBe(code);
    expect(findStep(secret, code.slice(2), seconds * 1_000)).toBe(stepAt(seconds * 1_000));
  });
}

/** RFC 4226 appendix D. */
test("the first codes of the counter are those of RFC 4226", () => {
  const codes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((step) => makeCode(secret, step));
  expect(codes.join(" ")).toBe(
    "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489",
  );
});

describe("a code", () => {
  const nowMs = 1_111_111_111_000;
  const code = makeCode(secret, stepAt(nowMs));
  const taken = [
    [-61_000, false],
    [-31_000, true],
    [0, true],
    [29_000, true],
    [61_000, false],
  ] as const;
  for (const [awayMs, isTaken] of taken) {
    test(`${awayMs / 1_000} s away is ${isTaken ? "taken" : "refused"}`, () => {
      expect(findStep(secret, code, nowMs + awayMs) !== undefined).toBe(isTaken);
    });
  }
  test("with a blank in it is taken, as phones show it; anything else is not", () => {
    expect(findStep(secret, `${code.slice(0, 3)} ${code.slice(3)}`, nowMs)).toBe(stepAt(nowMs));
    for (const wrong of ["", "0", code.slice(1), `${code}0`, "abcdef", "１２３４５６"]) {
      expect(findStep(secret, wrong, nowMs)).toBeUndefined();
    }
  });
});

const base32 = [
  ["", ""],
  ["f", "MY"],
  ["fo", "MZXQ"],
  ["foo", "MZXW6"],
  ["foob", "MZXW6YQ"],
  ["fooba", "MZXW6YTB"],
  ["foobar", "MZXW6YTBOI"],
] as const;
for (const [text, written] of base32) {
  test(`"${text}" is ${written} in base32 (RFC 4648 §10, without padding)`, () => {
    expect(printBase32(Buffer.from(text))).toBe(written);
  });
}

test("what an app reads names the service and the account", () => {
  expect(printTotpUri(secret, "Camera DNS", "alice")).toBe(
    "otpauth://totp/Camera%20DNS:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Camera%20DNS",
  );
});
