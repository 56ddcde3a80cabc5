import { expect, test } from "bun:test";
import { findFault } from "./password-policy.ts";

const words = ["alice", "alice@example.net", "example", "Camera DNS"];

const good = [
  "four plain words together",
  "x9#kQ2!mZ7@p", // 12 characters
  "correct horse battery",
  "Grün ist die Hoffnung",
  "   leading and trailing   ",
  "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧", // 12 characters, 48 octets
  "k".repeat(40) + "abcdefgh is long" + "m".repeat(72), // 128
  "alice walks over the old bridge",
];
for (const password of good) {
  test(`${JSON.stringify(password)} may be chosen`, () => {
    expect(findFault(password, words)).toBeUndefined();
  });
}

const bad = [
  "x9#kQ2!mZ7@", // 11
  "x".repeat(20),
  "abababababababab",
  "a1".repeat(65), // 130
  "🦊".repeat(13),
  "123456789012",
  "201987654321",
  "abcdefghijkl",
  "qwertyuiop123",
  "qwertyuiopas",
  "password1234",
  "Password2026!",
  "PasswordPassword",
  "alice12345678",
  "alice-alice-alice",
  "nameward2026!",
  "Welcome123456",
  "letmeinletmein",
  "iloveyou1234",
  "correct horse battery staple",
  "administrator1",
  "alice@example",
];
for (const password of bad) {
  test(`${JSON.stringify(password)} may not`, () => {
    expect(findFault(password, words)).toMatch(/^[A-Z].*\.$/);
  });
}
