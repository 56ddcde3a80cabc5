/** Domain names as octets. A dot inside a label, a NUL or 0xFF are as good as any other octet. */

/** RFC 1035 §2.3.4: at most 255 octets on the wire, counting length octets and the root. */
export const nameOctetsMax = 255;
/** RFC 1035 §2.3.4. */
export const labelOctetsMax = 63;

/** A domain name. Only this file makes one, so every `Name` is well formed. */
export class Name {
  /** Uncompressed wire form, case as it was written, the root's zero octet included. */
  readonly octets: Uint8Array;
  #key: string | undefined;

  private constructor(octets: Uint8Array) {
    this.octets = octets;
  }

  /** For `Map` keys and comparing: the wire form, case folded, one character an octet. */
  get key(): string {
    if (this.#key === undefined) {
      let key = "";
      for (const octet of this.octets) key += String.fromCharCode(foldOctet(octet));
      this.#key = key;
    }
    return this.#key;
  }

  /** Labels without the root; 0 for the root itself. */
  get labelCount(): number {
    let count = 0;
    for (let at = 0; this.octets[at] !== 0; at += this.octets[at]! + 1) count++;
    return count;
  }

  get isRoot(): boolean {
    return this.octets.length === 1;
  }

  /** The labels from left to right, without the root. */
  labels(): Uint8Array[] {
    const labels: Uint8Array[] = [];
    for (let at = 0; this.octets[at] !== 0; at += this.octets[at]! + 1) {
      labels.push(this.octets.subarray(at + 1, at + 1 + this.octets[at]!));
    }
    return labels;
  }

  /** In lower case, as RFC 4034 §6.2 wants names that are signed. */
  folded(): Name {
    return new Name(this.octets.map(foldOctet));
  }

  isSame(other: Name): boolean {
    return this.key === other.key;
  }

  /** Whether this name is `ancestor` or below it. */
  isWithin(ancestor: Name): boolean {
    const start = this.octets.length - ancestor.octets.length;
    if (start < 0 || !this.key.endsWith(ancestor.key)) return false;
    for (let at = 0; at <= start; at += this.octets[at]! + 1) {
      if (at === start) return true;
      if (this.octets[at] === 0) return false;
    }
    return false;
  }

  /** The name without its first label; `undefined` for the root. */
  parent(): Name | undefined {
    if (this.isRoot) return undefined;
    return new Name(this.octets.subarray(this.octets[0]! + 1));
  }

  /** `label` put in front. `undefined` when the result would be too long, or the label is. */
  child(label: Uint8Array): Name | undefined {
    if (label.length === 0 || label.length > labelOctetsMax) return undefined;
    const octets = new Uint8Array(1 + label.length + this.octets.length);
    if (octets.length > nameOctetsMax) return undefined;
    octets[0] = label.length;
    octets.set(label, 1);
    octets.set(this.octets, 1 + label.length);
    return new Name(octets);
  }

  /** Canonical presentation text, absolute, with the final dot. */
  toString(): string {
    return printName(this);
  }

  static readonly root = new Name(new Uint8Array([0]));

  /** Whole, uncompressed wire octets; `undefined` when they are not exactly one name. */
  static fromOctets(octets: Uint8Array): Name | undefined {
    if (octets.length > nameOctetsMax) return undefined;
    let at = 0;
    while (at < octets.length) {
      const length = octets[at]!;
      if (length === 0) return at === octets.length - 1 ? new Name(octets.slice()) : undefined;
      if (length > labelOctetsMax) return undefined;
      at += length + 1;
    }
    return undefined;
  }
}

/**
 * Folds one octet for comparison. RFC 4343 §3: only ASCII letters fold, every other octet compares
 * as it is.
 */
export function foldOctet(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet;
}

/**
 * Reads presentation text: RFC 1035 §5.1, `\.` and `\DDD` escapes. A name without a final dot is
 * completed with `origin`; without an origin it is taken as absolute. One character is one octet
 * (Latin-1); a character above 0xFF makes the text not a name.
 */
export function parseName(text: string, origin: Name = Name.root): Name | undefined {
  if (text === "@") return origin;
  if (text === ".") return Name.root;
  if (text === "") return undefined;
  const octets: number[] = [];
  let label: number[] = [];
  let absolute = false;
  const closeLabel = (): boolean => {
    if (label.length === 0 || label.length > labelOctetsMax) return false;
    octets.push(label.length, ...label);
    label = [];
    return octets.length < nameOctetsMax;
  };
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code > 0xff) return undefined;
    if (code === 0x2e) {
      if (!closeLabel()) return undefined;
      absolute = i === text.length - 1;
      continue;
    }
    if (code === 0x5c) {
      const decimal = /^\d{3}/.exec(text.slice(i + 1, i + 4));
      if (decimal !== null) {
        code = Number(decimal[0]);
        if (code > 0xff) return undefined;
        i += 3;
      } else {
        i++;
        if (i >= text.length) return undefined;
        code = text.charCodeAt(i);
        if (code > 0xff || (code >= 0x30 && code <= 0x39)) return undefined;
      }
    }
    label.push(code);
  }
  if (!absolute && !closeLabel()) return undefined;
  const tail = absolute ? Name.root.octets : origin.octets;
  return Name.fromOctets(Uint8Array.from([...octets, ...tail]));
}

/** Absolute presentation text; `parseName(printName(name))` is `name`, octet for octet. */
export function printName(name: Name): string {
  if (name.isRoot) return ".";
  let text = "";
  for (const label of name.labels()) {
    for (const octet of label) text += printNameOctet(octet);
    text += ".";
  }
  return text;
}

/** RFC 1035 §5.1, and RFC 4343 §2.1 for what needs no escape. */
function printNameOctet(octet: number): string {
  if (octet <= 0x20 || octet >= 0x7f) return `\\${String(octet).padStart(3, "0")}`;
  const character = String.fromCharCode(octet);
  return '."();@$\\'.includes(character) ? `\\${character}` : character;
}
