/** Packets that nearly make sense: valid ones, bent. The same seed gives the same packets. */

import { parseHexLine, readFixtures } from "../fuzz/fixtures.ts";
import vectors from "../vectors/vectors.json" with { type: "json" };

/** What is bent: every packet vector, and the odd messages, good and bad. */
export const corpus: readonly Uint8Array[] = [
  ...vectors.map(({ packetHex }) => Uint8Array.fromHex(packetHex)),
  ...["messages/valid.txt", "messages/invalid.txt"].flatMap((path) =>
    readFixtures(path).map(({ line }) => parseHexLine(line)),
  ),
];

/** A small generator (mulberry32): a fault that was found must be found again. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** 0 to `below` - 1. */
  roll(below: number): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  }

  pick<Thing>(things: readonly Thing[]): Thing {
    return things[this.roll(things.length)]!;
  }
}

/** Values at which readers of lengths, counts and pointers go wrong. */
const edges = [0, 1, 2, 63, 64, 127, 128, 191, 192, 193, 254, 255] as const;
const octetsMax = 2_000;

export function mutate(dice: Dice, packets: readonly Uint8Array[]): Uint8Array {
  if (dice.roll(20) === 0) return noise(dice);
  let packet = [...dice.pick(packets)];
  for (let left = 1 + dice.roll(3); left > 0; left--) {
    const at = dice.roll(packet.length + 1);
    switch (dice.roll(16)) {
      case 0:
        packet[at] = (packet[at] ?? 0) ^ (1 << dice.roll(8));
        break;
      case 1:
        packet[at] = dice.pick(edges);
        break;
      case 2:
        packet.splice(at, 0, ...noise(dice).slice(0, 1 + dice.roll(8)));
        break;
      case 3:
        packet.splice(at, 1 + dice.roll(8));
        break;
      case 4:
        packet.length = at;
        break;
      case 5: // a header field: flags or a count
        packet[2 + dice.roll(10)] = dice.pick(edges);
        break;
      case 6: // a pointer somewhere
        packet[at] = 0xc0 | dice.roll(64);
        packet[at + 1] = dice.roll(256);
        break;
      case 7: // the end of another packet
        packet = [...packet.slice(0, at), ...dice.pick(packets).slice(dice.roll(40))];
        break;
      default: // an octet of a name, a type, an option: the message stays in shape
        if (at > 12) packet[at] = dice.roll(256);
    }
  }
  return Uint8Array.from(packet.slice(0, octetsMax), (octet) => octet ?? 0);
}

function noise(dice: Dice): Uint8Array {
  return Uint8Array.from({ length: dice.roll(80) }, () => dice.roll(256));
}
