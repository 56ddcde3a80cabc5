/** What devices call themselves, each text once: a fleet of a million has a few hundred. */

/** More distinct programs than any installation has; later ones are not told apart. */
const namesMax = 10_000;
const charactersMax = 100;

export class DeviceNames {
  readonly #names: string[] = [""];
  readonly #index = new Map<string, number>([["", 0]]);

  /** 0: nobody, or one too many. */
  indexOf(name: string): number {
    const text = name.slice(0, charactersMax);
    const known = this.#index.get(text);
    if (known !== undefined) return known;
    if (this.#names.length >= namesMax) return 0;
    this.#index.set(text, this.#names.length);
    return this.#names.push(text) - 1;
  }

  at(index: number): string {
    return this.#names[index] ?? "";
  }
}
