/** The example requests of every guide: the rule it names takes them, and a real server says yes to them. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { fillTemplate } from "../../src/guides/fill-guide.ts";
import type { GuideValues } from "../../src/guides/fill-guide.ts";
import type { Guide, GuideExample } from "../../src/guides/guide.ts";
import { guides } from "../../src/guides/guides.ts";
import { exchangeOctets } from "../scenario/http-exchange.ts";
import { startServer } from "../server.ts";
import { ruleOf } from "./rule-of.ts";
import { addHome } from "./guide-home.ts";

setDefaultTimeout(60_000);

const examples = guides.flatMap((guide) => guide.examples.map((example) => ({ guide, example })));
const success = /\r\n\r\n(?:good|nochg|ok)/;

const values: GuideValues = {
  host: "cam1.example.test",
  username: "u7k2m9",
  password: "Rt5wKm2pXc8nVb4q",
  server: "127.0.0.1",
  port: 8245,
};

function octetsOf({ lines }: GuideExample, filled: GuideValues): string {
  return `${lines.map((line) => fillTemplate(line, filled)).join("\r\n")}\r\n\r\n`;
}

test("each example is taken by the rule its guide leads to", () => {
  expect(examples.length).toBeGreaterThanOrEqual(24);
  const wrong = examples
    .filter(({ guide, example }) => ruleOf(octetsOf(example, values)) !== guide.adapter)
    .map(
      ({ guide, example }) => `${guide.id}: ${example.title}: ${ruleOf(octetsOf(example, values))}`,
    );
  expect(wrong).toEqual([]);
});

test("a real server does what each example asks", async () => {
  await using home = await addHome(values);
  await using server = await startServer({ data: home.data });
  const asked = { ...values, port: server.devices.port };
  const play = (guide: Guide, example: GuideExample, filled: GuideValues) =>
    exchangeOctets(server.devices, octetsOf(example, filled)).then((reply) =>
      success.test(reply) ? [] : [`${guide.id}: ${example.title}: ${reply}`],
    );
  const refused: string[] = [];
  for (const { guide, example } of examples) refused.push(...(await play(guide, example, asked)));
  expect(refused).toEqual([]);

  // Negative control: with another password, none of them is answered with success.
  const wrong = { ...asked, password: "another" };
  const { guide, example } = examples[0]!;
  expect(await play(guide, example, wrong)).toHaveLength(1);
});
