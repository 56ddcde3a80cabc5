/** The rules in force: those of the operator before the built-in ones, and those on trial beside them. */

import type { AdapterId, AdapterState, StoredAdapter } from "../core/stored-adapter.ts";
import type { Rule } from "./rule.ts";
import { makeRuleBook } from "./rule-book.ts";
import type { RuleBook } from "./rule-book.ts";
import { parseWrittenRule } from "./rule-schema.ts";

interface OperatorRule {
  readonly rule: Rule;
  readonly state: AdapterState;
}

export class LiveRules {
  readonly #builtIn: readonly Rule[];
  readonly #fromFiles: readonly Rule[];
  readonly #stored = new Map<AdapterId, OperatorRule>();
  #book: RuleBook | undefined;
  #trial: RuleBook | undefined;

  /** `fromFiles`: rules of the operator that are always in force. */
  constructor(builtIn: readonly Rule[], fromFiles: readonly Rule[] = []) {
    this.#builtIn = builtIn;
    this.#fromFiles = fromFiles;
  }

  /** What requests are matched with. Compiled when it is first asked for after a change. */
  get book(): RuleBook {
    this.#book ??= makeRuleBook(this.rules);
    return this.#book;
  }

  /** In the order in which they are tried. */
  get rules(): readonly Rule[] {
    return [...this.#fromFiles, ...this.#inState("enabled"), ...this.#builtIn];
  }

  /** Rules that are only watched; undefined when there is none. */
  get trial(): RuleBook | undefined {
    return this.#trial;
  }

  /**
   * Brings the rules up to what the store says. `unreadable`: the rule was written by another version, and
   * is not in force.
   */
  apply(id: AdapterId, adapter: StoredAdapter | undefined): "applied" | "unreadable" {
    const rule = adapter === undefined ? undefined : parseWrittenRule(adapter.rule);
    if (adapter === undefined || rule === undefined) this.#stored.delete(id);
    else this.#stored.set(id, { rule, state: adapter.state });
    this.#book = undefined;
    const onTrial = this.#inState("shadow");
    this.#trial = onTrial.length === 0 ? undefined : makeRuleBook(onTrial);
    return adapter !== undefined && rule === undefined ? "unreadable" : "applied";
  }

  /** In the order they were made. */
  #inState(state: AdapterState): readonly Rule[] {
    return [...this.#stored]
      .toSorted(([a], [b]) => a - b)
      .filter(([, stored]) => stored.state === state)
      .map(([, stored]) => stored.rule);
  }
}
