/** The hash index from names to nodes: open addressing in shared memory, read without locks. */

import type { Arena, ArenaView, Place } from "./arena.ts";
import type { FoldedName } from "./folded-name.ts";
import { nameLengthShift, nodeFlags, nodeName } from "./node.ts";

/** Words of an index: mask, then a pair of words a slot: hash, node. */
const indexMask = 0;
const indexSlots = 1;
/** A slot whose node went away. Look-ups go on past it. */
const vacated = -1;

/** Finds the node of the name that begins at label `label`; 0 when there is none. */
export function findNode(view: ArenaView, name: FoldedName, label: number): Place {
  const words = view.words;
  const index = view.root();
  const mask = words[index + indexMask]!;
  const hash = name.hashes[label]!;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const at = index + indexSlots + slot * 2;
    const node = Atomics.load(words, at + 1);
    if (node === 0) return 0;
    if (node !== vacated && words[at] === hash && isNamed(view, node, name, label)) return node;
  }
}

/** Finds `*.<name from label on>`; 0 when there is none. */
export function findWildcard(view: ArenaView, name: FoldedName, label: number): Place {
  const words = view.words;
  const index = view.root();
  const mask = words[index + indexMask]!;
  const hash = name.hashWithWildcard(label);
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const at = index + indexSlots + slot * 2;
    const node = Atomics.load(words, at + 1);
    if (node === 0) return 0;
    if (node !== vacated && words[at] === hash && isWildcardOf(view, node, name, label)) return node;
  }
}

function isNamed(view: ArenaView, node: Place, name: FoldedName, label: number): boolean {
  return endsAs(view, node, 0, name, label);
}

function isWildcardOf(view: ArenaView, node: Place, name: FoldedName, label: number): boolean {
  const at = (node + nodeName) * 4;
  if (view.bytes[at] !== 1 || view.bytes[at + 1] !== 0x2a) return false;
  return endsAs(view, node, 2, name, label);
}

/** Whether the node's name from octet `skip` on is the name that begins at `label`. */
function endsAs(
  view: ArenaView,
  node: Place,
  skip: number,
  name: FoldedName,
  label: number,
): boolean {
  const from = name.labelAt[label]!;
  const length = name.length - from;
  if (view.words[node + nodeFlags]! >>> nameLengthShift !== length + skip) return false;
  const at = (node + nodeName) * 4 + skip;
  for (let i = 0; i < length; i++) {
    if (view.bytes[at + i] !== name.octets[from + i]) return false;
  }
  return true;
}

/** The writer's side of the index. */
export class NameIndex {
  readonly #arena: Arena;
  #names = 0;
  /** Slots that are not empty: names and vacated ones. */
  #taken = 0;

  constructor(arena: Arena, slots = 1024) {
    this.#arena = arena;
    arena.setRoot(makeIndex(arena, slots));
  }

  get names(): number {
    return this.#names;
  }

  /** The node becomes visible to readers with the last store. */
  add(hash: number, node: Place): void {
    const slots = this.#slots();
    // At most two thirds full, so that a miss ends after few steps.
    if ((this.#taken + 1) * 3 > slots * 2) this.#rebuild(this.#names * 3 > slots ? slots * 2 : slots);
    if (place(this.#arena, this.#arena.root(), hash, node) === "empty") this.#taken++;
    this.#names++;
  }

  remove(hash: number, node: Place): void {
    const { words } = this.#arena;
    const index = this.#arena.root();
    const mask = words[index + indexMask]!;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = index + indexSlots + slot * 2;
      if (words[at + 1] === 0) return;
      if (words[at + 1] === node) {
        Atomics.store(words, at + 1, vacated);
        this.#names--;
        return;
      }
    }
  }

  /** Every node there is, in no order. Nodes may be removed on the way, not added. */
  *nodes(): Generator<{ readonly hash: number; readonly node: Place }> {
    const { words } = this.#arena;
    const index = this.#arena.root();
    for (let slot = 0; slot < this.#slots(); slot++) {
      const at = index + indexSlots + slot * 2;
      const node = words[at + 1]!;
      if (node !== 0 && node !== vacated) yield { hash: words[at]!, node };
    }
  }

  #slots(): number {
    return this.#arena.words[this.#arena.root() + indexMask]! + 1;
  }

  /** Readers use the old index until the root is set, and the old one stays until they have left. */
  #rebuild(slots: number): void {
    const { words } = this.#arena;
    const old = this.#arena.root();
    const oldSlots = this.#slots();
    const index = makeIndex(this.#arena, slots);
    for (let at = old + indexSlots; at < old + indexSlots + oldSlots * 2; at += 2) {
      const node = words[at + 1]!;
      if (node !== 0 && node !== vacated) place(this.#arena, index, words[at]!, node);
    }
    this.#arena.setRoot(index);
    this.#arena.retire(old, indexSlots + oldSlots * 2);
    this.#taken = this.#names;
  }
}

function makeIndex(arena: Arena, slots: number): Place {
  const index = arena.allocate(indexSlots + slots * 2);
  arena.words.fill(0, index, index + indexSlots + slots * 2);
  arena.words[index + indexMask] = slots - 1;
  return index;
}

function place(arena: Arena, index: Place, hash: number, node: Place): "empty" | "vacated" {
  const { words } = arena;
  const mask = words[index + indexMask]!;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const at = index + indexSlots + slot * 2;
    const there = words[at + 1]!;
    if (there !== 0 && there !== vacated) continue;
    words[at] = hash;
    Atomics.store(words, at + 1, node);
    return there === 0 ? "empty" : "vacated";
  }
}
