/** The life of a zone key, from its first DNSKEY record until nobody can need it any more. */

/**
 * published: resolvers get to know it. active: it signs the zone. retiring: its successor signs, and the
 * parent may still name this one. retired: the parent no longer names it. withdrawing: it signs, and the
 * parent is asked to take every DS away, so that the zone can be served unsigned. withdrawn: it has.
 */
export type KeyState =
  | "published"
  | "active"
  | "retiring"
  | "retired"
  | "withdrawing"
  | "withdrawn";

export type KeyEvent =
  /** The successor is known everywhere, and takes over. */
  | "switched"
  /** The parent names what the zone asks it to name, and nothing else. */
  | "parent-followed"
  /** Caches have forgotten what the parent said before. */
  | "expired"
  /** The zone is to be served unsigned. */
  | "leaving"
  /** The zone is to stay signed after all. */
  | "staying";

/** What becomes of a key. Every state answers every event. */
export const nextKeyState: Readonly<
  Record<KeyState, Readonly<Record<KeyEvent, KeyState | "removed">>>
> = {
  published: {
    switched: "active",
    "parent-followed": "published",
    expired: "published",
    leaving: "removed", // nothing was ever signed with it alone, and no parent asked to name it
    staying: "published",
  },
  active: {
    switched: "retiring",
    "parent-followed": "active",
    expired: "active",
    leaving: "withdrawing",
    staying: "active",
  },
  retiring: {
    switched: "retiring",
    "parent-followed": "retired",
    expired: "retiring",
    leaving: "retiring",
    staying: "retiring",
  },
  retired: {
    switched: "retired",
    "parent-followed": "retired",
    expired: "removed",
    leaving: "retired",
    staying: "retired",
  },
  withdrawing: {
    switched: "withdrawing",
    "parent-followed": "withdrawn",
    expired: "withdrawing",
    leaving: "withdrawing",
    staying: "active",
  },
  withdrawn: {
    switched: "withdrawn",
    "parent-followed": "withdrawn",
    expired: "removed",
    leaving: "withdrawn",
    staying: "active",
  },
};

interface KeyRole {
  /** Every key signs the key records, so that a DS of any of them leads into the zone. One signs the rest. */
  readonly signs: "everything" | "keys";
  /** What the zone asks its parent to do about it, by CDS and CDNSKEY. */
  readonly parent: "names it" | "ignores it" | "names none";
}

/** What a key does meanwhile. Its DNSKEY record is there in every state. */
export const keyRoles: Readonly<Record<KeyState, KeyRole>> = {
  published: { signs: "keys", parent: "ignores it" },
  active: { signs: "everything", parent: "names it" },
  retiring: { signs: "keys", parent: "ignores it" },
  retired: { signs: "keys", parent: "ignores it" },
  withdrawing: { signs: "everything", parent: "names none" },
  withdrawn: { signs: "everything", parent: "names none" },
};
