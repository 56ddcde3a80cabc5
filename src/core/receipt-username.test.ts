import { expect, test } from "bun:test";
import { systemChance, makeSecretText } from "../base/chance.ts";
import type { Credential, Login } from "./login.ts";
import { hiddenUsername, receiptUsername } from "./receipt-username.ts";

const known = "Rt5wKm2pXc8nVb4qAAAA"; // a login may be called like this
const cam = { username: "cam" } as Login;
const directory = {
  findLogin: (name: string) => (["cam", known].includes(name) ? cam : undefined),
};
const made = makeSecretText(systemChance, 20);

const cases: readonly (readonly [string, string, string, string])[] = [
  ["a user name", "cam", "wrong", "cam"],
  ["a user name that nobody has", "camera", "wrong", "camera"],
  ["a long one that nobody has", "front.door@example.net", "wrong", "front.door@example.net"],
  ["a password of ours as the user name", made, "wrong", hiddenUsername],
  ["both in each other's place, whatever the password", "my own words", "cam", hiddenUsername],
  ["a user name that looks like a password", known, "wrong", known],
];
for (const [title, username, password, kept] of cases) {
  test(`of ${title} a receipt keeps ${kept === hiddenUsername ? "nothing" : "it"}`, () => {
    const credential: Credential = { kind: "password", username, password };
    expect(receiptUsername(credential, undefined, directory)).toBe(kept);
  });
}

test("a secret alone has the name of its login, and of nobody none", () => {
  const secret: Credential = { kind: "token", secret: made };
  expect(receiptUsername(secret, cam, directory)).toBe("cam");
  expect(receiptUsername(secret, undefined, directory)).toBeUndefined();
});
