/** A guide: how one kind of device is told to report to us, as data. The app, the documentation and the tests read the same. */

export interface Guide {
  readonly id: string;
  readonly name: string;
  readonly kind: GuideKind;
  /** Under which else people look for it: brands, models, menu items. */
  readonly words: readonly string[];
  /** For which versions it is written, and what it is written from. */
  readonly firmware: string;
  /** The day on which a test of ours drove the real program; null: nobody has tried it on the device. */
  readonly verified: string | null;
  /** Where in the device's menu the fields are. */
  readonly menu: string;
  /** In the order of that screen. */
  readonly fields: readonly GuideField[];
  /** A block to copy whole: a configuration file, a script. */
  readonly text?: string;
  readonly quirks: readonly string[];
  /** The rule that takes its requests; empty in a decision tree. */
  readonly adapter: string;
  /** What it sends, replayed by a test through that rule. */
  readonly examples: readonly GuideExample[];
  /** Of a decision tree: the first question that is answered with yes ends it. */
  readonly steps?: readonly GuideStep[];
}

export type GuideKind = "router" | "firewall" | "storage" | "camera" | "program" | "decision";

export interface GuideField {
  /** As on the device's screen. */
  readonly label: string;
  /** A template, see `fillTemplate`. */
  readonly value: string;
  readonly note?: string;
  readonly isSecret?: boolean;
  /** The device keeps so many octets and drops the rest, often in silence. */
  readonly octetsMax?: number;
}

export interface GuideExample {
  readonly title: string;
  /** Templates: the request line and the header lines. */
  readonly lines: readonly string[];
}

export interface GuideStep {
  readonly question: string;
  readonly advice: string;
}
