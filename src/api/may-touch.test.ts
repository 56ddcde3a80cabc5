import { expect, test } from "bun:test";
import type { Person, Program } from "./caller.ts";
import { mayTouch } from "./may-touch.ts";

const alice = { id: 1, name: "alice", isAdmin: false };
const root = { id: 2, name: "root", isAdmin: true };
const person = (user: typeof alice): Person => ({
  kind: "person",
  user,
  session: "s",
  provedAtMs: 0,
});
const program = (user: typeof alice, names?: readonly string[]): Program => ({
  kind: "program",
  user,
  token: "t",
  policy: { actions: ["hosts:read"], ...(names === undefined ? {} : { names }) },
});
const ofAlice = { owner: 1, zone: "dyn.test", name: "cam.dyn.test" };
const ofBob = { owner: 3, zone: "dyn.test", name: "door.dyn.test" };

const cases: readonly (readonly [string, Person | Program, typeof ofAlice, boolean])[] = [
  ["the owner", person(alice), ofAlice, true],
  ["another", person(alice), ofBob, false],
  ["an administrator", person(root), ofBob, true],
  ["the owner's token", program(alice), ofAlice, true],
  ["the owner's token of other names", program(alice, ["x"]), ofAlice, false],
  ["another's token, whatever names it has", program(alice, ["*"]), ofBob, false],
  ["an administrator's token", program(root), ofBob, true],
  ["an administrator's narrow token", program(root, ["cam.*"]), ofBob, false],
];
for (const [title, caller, thing, may] of cases) {
  test(`${title}: ${may ? "yes" : "no"}`, () => {
    expect(mayTouch(caller, "hosts:read", thing)).toBe(may);
  });
}

test("an action that the token has not", () => {
  expect(mayTouch(program(alice), "hosts:write", ofAlice)).toBe(false);
});
