/** Rules for devices: listed, tried, saved, put in force and taken away; and what no rule knew. */

import { parseWrittenRule } from "../../adapters/rule-schema.ts";
import { rules } from "../../adapters/rules.ts";
import type { AdapterUse } from "../../core/adapter-hits.ts";
import type { Receipt } from "../../core/receipt.ts";
import type { AdapterState, StoredAdapter, UnmatchedShape } from "../../core/stored-adapter.ts";
import type { Audit } from "../audit.ts";
import type { ReplyOf } from "../contract.ts";
import type { Handlers } from "../handler.ts";
import { Refusal, notFound } from "../refusal.ts";

export type Lab = ReplyOf<"testAdapter">;
type Adapter = ReplyOf<"addAdapter">;

/** A rule as text, read: to keep, or with every mistake in a sentence. */
export type RuleReading =
  | { readonly kind: "rule"; readonly id: string; readonly rule: string; readonly requests: string }
  | { readonly kind: "mistakes"; readonly mistakes: readonly string[] };

export type LabReading =
  | { readonly kind: "tried"; readonly lab: Lab }
  | { readonly kind: "not-understood"; readonly why: string }
  | Extract<RuleReading, { kind: "mistakes" }>;

export type Proposal =
  | { readonly kind: "rule"; readonly rule: string }
  | { readonly kind: "not-understood"; readonly why: string };

const requestsShown = 20;

export interface AdapterParts {
  readonly store: {
    listAdapters(): Promise<readonly StoredAdapter[]>;
    addAdapter(
      adapter: Omit<StoredAdapter, "id" | "changedAtMs">,
    ): Promise<
      | { readonly kind: "made"; readonly made: StoredAdapter }
      | { readonly kind: "taken" }
      | { readonly kind: "refused"; readonly why: string }
    >;
    setAdapterState(name: string, state: AdapterState): Promise<"set" | "not-found">;
    removeAdapter(name: string): Promise<"removed" | "not-found">;
    /** The newest first. */
    findReceiptsOfAdapter(name: string, limit: number): Promise<readonly Receipt[]>;
    listUnmatched(): Promise<readonly UnmatchedShape[]>;
    forgetUnmatched(id: number | "all"): Promise<number>;
  };
  /** Since the service started. */
  findUse(rule: string): AdapterUse | undefined;
  readRule(text: string): RuleReading;
  printRule(adapter: StoredAdapter): string;
  tryOut(request: string, rule: string | undefined): Promise<LabReading>;
  propose(shape: UnmatchedShape): string;
  proposeFor(request: string): Proposal;
  sampleOf(shape: UnmatchedShape): string;
  readonly audit: Audit;
}

type AdapterRoutes =
  | "listAdapters"
  | "addAdapter"
  | "changeAdapter"
  | "deleteAdapter"
  | "testAdapter"
  | "proposeRule"
  | "listAdapterRequests"
  | "listUnmatched"
  | "proposeAdapter"
  | "forgetUnmatched";

export function adapterHandlers(parts: AdapterParts): Handlers<AdapterRoutes> {
  const { store, audit } = parts;
  let trying: Promise<LabReading> | undefined;

  function printOwn(adapter: StoredAdapter): Adapter {
    const rule = parseWrittenRule(adapter.rule);
    return {
      id: adapter.name,
      state: adapter.state,
      // A rule of another version cannot be read, and is not in force.
      dialect: rule?.dialect ?? "(not readable)",
      paths: [...(rule?.match.paths ?? [])],
      ...printUse(parts.findUse(adapter.name)),
      rule: parts.printRule(adapter),
    };
  }

  async function findOwn(id: string): Promise<StoredAdapter> {
    const adapter = (await store.listAdapters()).find(({ name }) => name === id);
    if (adapter === undefined) throw notFound();
    return adapter;
  }

  async function findShape(id: string): Promise<UnmatchedShape> {
    const shape = (await store.listUnmatched()).find((each) => String(each.id) === id);
    if (shape === undefined) throw notFound();
    return shape;
  }

  return {
    async listAdapters() {
      const own = (await store.listAdapters()).map(printOwn);
      const builtIn = rules.map(({ id, dialect, match }): Adapter => {
        const use = printUse(parts.findUse(id));
        return { id, state: "built-in", dialect, paths: [...match.paths], ...use, rule: null };
      });
      return { items: [...own, ...builtIn] };
    },

    async addAdapter(call) {
      const reading = parts.readRule(call.body.rule);
      if (reading.kind === "mistakes") throw withMistakes(reading.mistakes);
      const { id: name, rule, requests } = reading;
      const { state } = call.body;
      const outcome = await store.addAdapter({ name, rule, requests, state });
      if (outcome.kind === "taken") {
        const hint = "Give it another id, or take the old one away.";
        throw new Refusal(409, "taken", `There is an adapter ${name} already.`, { hint });
      }
      if (outcome.kind === "refused") throw new Refusal(409, "refused", outcome.why);
      const entry = { actor: call.caller, action: "adapter.add", target: name, detail: state };
      await audit.note({ ...entry, result: "ok" }, call);
      return printOwn(outcome.made);
    },

    async changeAdapter(call) {
      const { id } = await callOf(call.parameters.id);
      const { state } = call.body;
      await store.setAdapterState(id, state);
      const entry = { actor: call.caller, action: "adapter.change", target: id, detail: state };
      await audit.note({ ...entry, result: "ok" }, call);
      return printOwn(await findOwn(id));
    },

    async deleteAdapter(call) {
      const { id } = await callOf(call.parameters.id);
      await store.removeAdapter(id);
      const entry = { actor: call.caller, action: "adapter.remove", target: id };
      await audit.note({ ...entry, result: "ok" }, call);
      return undefined;
    },

    async testAdapter({ body }) {
      // Each trial reads all hosts and logins there are.
      if (trying !== undefined) {
        const options = { retryAfterSeconds: 1 };
        throw new Refusal(429, "too-many", "Another request is being tried.", options);
      }
      trying = parts.tryOut(body.request, body.rule);
      const reading = await trying.finally(() => (trying = undefined));
      if (reading.kind === "mistakes") throw withMistakes(reading.mistakes);
      if (reading.kind === "tried") return reading.lab;
      throw notUnderstood(reading.why);
    },

    proposeRule({ body }) {
      const proposal = parts.proposeFor(body.request);
      if (proposal.kind === "not-understood") throw notUnderstood(proposal.why);
      return { rule: proposal.rule };
    },

    async listAdapterRequests({ parameters }) {
      const { name } = await findOwn(parameters.id);
      const receipts = await store.findReceiptsOfAdapter(name, requestsShown);
      return { items: receipts.map(printReceipt) };
    },

    async listUnmatched() {
      const items = (await store.listUnmatched()).map((shape) => ({
        id: String(shape.id),
        shape: shape.shape,
        sample: parts.sampleOf(shape),
        requests: shape.requests,
        firstAt: printTime(shape.firstAtMs),
        lastAt: printTime(shape.lastAtMs),
      }));
      return { items };
    },

    async proposeAdapter({ parameters }) {
      return { rule: parts.propose(await findShape(parameters.id)) };
    },

    async forgetUnmatched(call) {
      const shape = await findShape(call.parameters.id);
      await store.forgetUnmatched(shape.id);
      const entry = { actor: call.caller, action: "unmatched.forget", target: String(shape.id) };
      await audit.note({ ...entry, result: "ok", detail: shape.shape }, call);
      return undefined;
    },
  };

  /** One of the operator's: a built-in rule changes with the program. */
  async function callOf(id: string): Promise<{ readonly id: string }> {
    if (rules.some((rule) => rule.id === id)) {
      throw new Refusal(409, "built-in", "A built-in rule stays as it is.", {
        hint: "A rule of yours for the same path is tried before it.",
      });
    }
    await findOwn(id);
    return { id };
  }
}

function printUse(use: AdapterUse | undefined): Pick<Adapter, "hits" | "lastAt"> {
  return use === undefined
    ? { hits: 0, lastAt: null }
    : { hits: use.hits, lastAt: printTime(use.lastAtMs) };
}

function printReceipt({ atMs, peer, userAgent, asked, outcome, note }: Receipt) {
  const says = outcome === "shadow" ? `would ${note}` : note;
  return { at: printTime(atMs), peer, device: userAgent, asked, outcome, says };
}

function notUnderstood(why: string): Refusal {
  const errors = [{ pointer: "/request", detail: why }];
  return new Refusal(422, "invalid", "The request is not understood.", { errors });
}

function withMistakes(mistakes: readonly string[]): Refusal {
  const errors = mistakes.slice(0, 20).map((detail) => ({ pointer: "/rule", detail }));
  return new Refusal(422, "invalid", "The rule has mistakes.", { errors });
}

function printTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
