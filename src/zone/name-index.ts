/** A hash index from names to nodes: open addressing in shared memory, read without locks. */

import type { Arena, ArenaView, Place, Root } from "./arena.ts";
import type { FoldedName } from "./folded-name.ts";
import { nameLengthShift, nodeFlags, nodeName } from "./node.ts";

/** Words of an index: mask, then a pair of words a slot: hash, node. */
const indexMask = 0;
const indexSlots = 1;
/** A slot whose node went away. Look-ups go on past it. */
const vacated = -1;

/**
 * Finds the node of the name that begins at label `label`, in the space of names `space`; 0 when
 * there is none.
 */
export function findNode(
  view: ArenaView,
  root: Root,
  name: FoldedName,
  label: number,
  space: number,
): Place {
  return find(view, root, name.hash(label, space), name, label, 0);
}

/** Finds `*.<name from label on>`; 0 when there is none. */
export function findWildcard(
  view: ArenaView,
  root: Root,
  name: FoldedName,
  label: number,
  space: number,
): Place {
  return find(view, root, name.wildcardHash(label, space), name, label, wildcardOctets);
}

/** Octets of the label `*` with its length. */
const wildcardOctets = 2;

/** `extra`: octets of the wildcard label in front of the name. */
function find(
  view: ArenaView,
  root: Root,
  hash: number,
  name: FoldedName,
  label: number,
  extra: number,
): Place {
  const words = view.words;
  const index = view.root(root);
  const mask = words[index + indexMask]!;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const at = index + indexSlots + slot * 2;
    const node = Atomics.load(words, at + 1);
    if (node === 0) return 0;
    if (node !== vacated && words[at] === hash && isNamed(view, node, name, label, extra)) {
      return node;
    }
  }
}

function isNamed(
  view: ArenaView,
  node: Place,
  name: FoldedName,
  label: number,
  extra: number,
): boolean {
  const from = name.labelAt[label]!;
  const length = name.length - from;
  if (view.words[node + nodeFlags]! >>> nameLengthShift !== length + extra) return false;
  const at = (node + nodeName) * 4;
  if (extra !== 0 && (view.bytes[at] !== 1 || view.bytes[at + 1] !== 0x2a)) return false;
  for (let i = 0; i < length; i++) {
    if (view.bytes[at + extra + i] !== name.octets[from + i]) return false;
  }
  return true;
}

/** The writer's side of the index. */
export class NameIndex {
  readonly #arena: Arena;
  readonly #root: Root;
  #names = 0;
  /** Slots that are not empty: names and vacated ones. */
  #taken = 0;

  constructor(arena: Arena, root: Root, slots: number) {
    this.#arena = arena;
    this.#root = root;
    arena.setRoot(root, makeIndex(arena, slots));
  }

  get names(): number {
    return this.#names;
  }

  /** Makes room for `names` more, so that adding them cannot fail. Throws `ArenaFull`. */
  reserve(names: number): void {
    let slots = this.#slots();
    // At most two thirds full, so that a miss ends after few steps.
    if ((this.#taken + names) * 3 <= slots * 2) return;
    while ((this.#names + names) * 2 > slots) slots *= 2;
    this.#rebuild(slots);
  }

  /** The node becomes visible to readers with the last store. `reserve` comes first. */
  add(hash: number, node: Place): void {
    if (this.#place(this.#arena.root(this.#root), hash, node) === "empty") this.#taken++;
    this.#names++;
  }

  remove(hash: number, node: Place): void {
    const { words } = this.#arena;
    const index = this.#arena.root(this.#root);
    const mask = words[index + indexMask]!;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = index + indexSlots + slot * 2;
      if (words[at + 1] === 0) return;
      if (words[at + 1] === node) {
        // A reader that saw the old hash beside a new node compares names, and goes on.
        Atomics.store(words, at + 1, vacated);
        this.#names--;
        return;
      }
    }
  }

  /** Every node there is, in no order. Nodes may be removed on the way, not added. */
  forEach(visit: (hash: number, node: Place) => void): void {
    const { words } = this.#arena;
    const index = this.#arena.root(this.#root);
    const end = index + indexSlots + this.#slots() * 2;
    for (let at = index + indexSlots; at < end; at += 2) {
      const node = words[at + 1]!;
      if (node !== 0 && node !== vacated) visit(words[at]!, node);
    }
  }

  #slots(): number {
    return this.#arena.words[this.#arena.root(this.#root) + indexMask]! + 1;
  }

  /** Readers use the old index until the root is set, and the old one stays until they have left. */
  #rebuild(slots: number): void {
    const old = this.#arena.root(this.#root);
    const oldWords = indexSlots + this.#slots() * 2;
    const index = makeIndex(this.#arena, slots);
    this.forEach((hash, node) => this.#place(index, hash, node));
    this.#arena.setRoot(this.#root, index);
    this.#arena.retire(old, oldWords);
    this.#taken = this.#names;
  }

  #place(index: Place, hash: number, node: Place): "empty" | "vacated" {
    const { words } = this.#arena;
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
}

function makeIndex(arena: Arena, slots: number): Place {
  const index = arena.allocate(indexSlots + slots * 2);
  arena.words.fill(0, index, index + indexSlots + slots * 2);
  arena.words[index + indexMask] = slots - 1;
  return index;
}
