/** The guides as data: complete, honest about what was tried, and loud about values that do not fit. */

import { expect, test } from "bun:test";
import { fillGuide, fillTemplate } from "./fill-guide.ts";
import type { GuideValues } from "./fill-guide.ts";
import { findGuide, guides } from "./guides.ts";

const values: GuideValues = {
  host: "cam1.dyn.example.com",
  username: "u7k2m9",
  server: "dyn.example.com",
  port: 80,
};

test("there are 24 guides and two decision trees, each under an id of its own", () => {
  const kinds = guides.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind !== "decision")).toHaveLength(24);
  expect(kinds.filter((kind) => kind === "decision")).toHaveLength(2);
  expect(new Set(guides.map(({ id }) => id)).size).toBe(guides.length);
});

test("every guide leads somewhere: fields or a text, a rule and an example; every tree has steps", () => {
  const empty = guides.filter(({ kind, fields, text, adapter, examples, steps }) =>
    kind === "decision"
      ? (steps?.length ?? 0) === 0
      : fields.length + (text?.length ?? 0) === 0 || adapter === "" || examples.length === 0,
  );
  expect(empty.map(({ id }) => id)).toEqual([]);
});

test("every guide names the host, the login and the server somewhere", () => {
  const lacking = guides
    .filter(({ kind }) => kind !== "decision")
    .filter((guide) => {
      const { fields, text } = fillGuide(guide, values);
      const all = [...fields.map(({ value }) => value), text ?? ""].join("\n");
      return ![values.host, values.username, values.server, "YOUR-PASSWORD"].every((word) =>
        all.includes(word),
      );
    });
  expect(lacking.map(({ id }) => id)).toEqual([]);
});

test("a template keeps the braces of the device and fills only ours", () => {
  expect(fillTemplate("custom { %h {host} {unknown} }", values)).toBe(
    "custom { %h cam1.dyn.example.com {unknown} }",
  );
});

for (const [server, port, written] of [
  ["dyn.example.com", 80, "dyn.example.com"],
  ["dyn.example.com", 8245, "dyn.example.com:8245"],
  ["2001:db8::1", 8245, "[2001:db8::1]:8245"],
  ["2001:db8::1", 80, "[2001:db8::1]"],
] as const) {
  test(`${server} at port ${port} is written ${written}`, () => {
    expect(fillTemplate("{server}", { ...values, server, port })).toBe(written);
  });
}

test("values that fit are no warning", () => {
  expect(guides.flatMap((guide) => fillGuide(guide, values).warnings)).toEqual([]);
});

for (const [id, changed, said] of [
  ["zyxel", { username: "cam1.dyn.example.com.by.alice-and-bob" }, "shorter user name"],
  ["ddwrt", { host: "cam1.a-rather-long-name.example.com" }, "shorter name"],
  ["acti", { server: "updates.a-rather-long-name.example.com" }, "Give the server a shorter name"],
] as const) {
  test(`${id} warns of ${Object.keys(changed).join()} that is too long`, () => {
    const warnings = fillGuide(findGuide(id)!, { ...values, ...changed }).warnings;
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(said);
  });
}

test("a field that cannot keep the password of a login says so", () => {
  const guide = findGuide("acti")!;
  const short = {
    ...guide,
    fields: [{ label: "PIN", value: "{password}", isSecret: true, octetsMax: 16 }],
  };
  expect(fillGuide(short, values).warnings[0]).toContain("keeps 16 characters");
});
