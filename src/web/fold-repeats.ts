/** Repeats of a device that said the same again, as one line that grows. */

export interface Foldable {
  readonly id: string;
  readonly at: string;
  readonly host: string | null;
  readonly peer: string;
  readonly adapter: string;
  readonly username: string | null;
  readonly userAgent: string;
  readonly outcome: string;
  readonly addresses: readonly string[];
  readonly reason: string;
  readonly repeats: number;
}

export interface Folded<Receipt extends Foldable> {
  /** The newest of them. */
  readonly receipt: Receipt;
  /** How many there were. */
  readonly times: number;
  /** When the first of them came. */
  readonly since: string;
}

/**
 * Newest first, as given. Only repeats are folded, each with the ones of its host that nothing else came between:
 * a change or a refusal always has a line of its own.
 */
export function foldRepeats<Receipt extends Foldable>(
  receipts: readonly Receipt[],
): readonly Folded<Receipt>[] {
  const lines: { receipt: Receipt; times: number; since: string }[] = [];
  const lastOfHost = new Map<string | null, (typeof lines)[number]>();
  for (const receipt of receipts) {
    const last = lastOfHost.get(receipt.host);
    if (last !== undefined && isRepeatOf(last.receipt, receipt)) {
      last.times += 1 + receipt.repeats;
      last.since = receipt.at;
      continue;
    }
    const line = { receipt, times: 1 + receipt.repeats, since: receipt.at };
    lines.push(line);
    lastOfHost.set(receipt.host, line);
  }
  return lines;
}

const alike = ["peer", "adapter", "username", "userAgent", "reason"] as const;

function isRepeatOf(one: Foldable, other: Foldable): boolean {
  return (
    one.outcome === "unchanged" &&
    other.outcome === "unchanged" &&
    one.addresses.join() === other.addresses.join() &&
    alike.every((key) => one[key] === other[key])
  );
}
