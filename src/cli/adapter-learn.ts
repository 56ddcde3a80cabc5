/** `nameward adapter learn` */

import type { UnmatchedShape } from "../core/stored-adapter.ts";
import type { Store } from "../store/store.ts";
import { command, refused } from "./command.ts";
import type { Outcome } from "./command.ts";
import { printColumns } from "./print-columns.ts";
import { printTime } from "./print-host.ts";
import { parseSample, proposeAdapter } from "./propose-adapter.ts";

export const adapterLearn = command({
  words: "adapter learn",
  summary: "List what devices asked that no rule knows, or propose a rule for number N of it.",
  arguments: ["[N]", "[N]"],
  flags: { all: { doc: "With forget: everything that was kept." } },
  notes: [
    "nameward adapter learn forget N takes one away again, and forget --all all.",
    "Requests are grouped by what they have in common, and kept with their secrets masked.",
  ],
  example: "nameward adapter learn 3 | nameward adapter add -",
  async run({ arguments: [word, number], flags, openStore }) {
    await using store = await openStore();
    if (word === "forget") return forget(store, number, flags.all);
    if (flags.all || number !== undefined) return wrongUse();
    const shapes = await store.listUnmatched();
    if (word === undefined) return list(shapes);
    const shape = shapes.find(({ id }) => String(id) === word);
    return shape === undefined ? unknown(word) : propose(shape);
  },
});

function list(shapes: readonly UnmatchedShape[]): Outcome {
  const json = shapes.map((each) => ({
    number: each.id,
    requests: each.requests,
    firstAt: printTime(each.firstAtMs) ?? null,
    lastAt: printTime(each.lastAtMs) ?? null,
    shape: each.shape,
    sample: parseSample(each).request,
  }));
  const rows = json.map(({ number, requests, lastAt, shape, sample }) => {
    return [String(number), String(requests), lastAt ?? "-", shape, firstLine(sample)];
  });
  const text = printColumns([["N", "SEEN", "LAST", "SHAPE", "SAMPLE"], ...rows]);
  return { kind: "done", text, json };
}

function propose(shape: UnmatchedShape): Outcome {
  const { text, document } = proposeAdapter(shape);
  return { kind: "done", text, json: document };
}

async function forget(store: Store, number: string | undefined, all: boolean): Promise<Outcome> {
  if (all === (number !== undefined)) return wrongUse();
  if (!all && !/^\d{1,15}$/.test(number ?? "")) return unknown(number ?? "");
  const forgotten = await store.forgetUnmatched(all ? "all" : Number(number));
  if (!all && forgotten === 0) return unknown(number ?? "");
  const text = `${forgotten} kept kinds of requests are forgotten.\n`;
  return { kind: "done", text, json: { forgotten } };
}

function wrongUse(): Outcome {
  const why = "nameward adapter learn takes a number, or forget and a number or --all.";
  return { kind: "wrong-use", why, fix: "nameward adapter learn --help" };
}

function unknown(word: string): Outcome {
  const why = `There is no unknown request with the number ${JSON.stringify(word)}.`;
  return refused(why, "nameward adapter learn lists them.");
}

function firstLine(request: string): string {
  return request.split("\n", 1)[0] ?? "";
}
