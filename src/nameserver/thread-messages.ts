/** What the main thread and a DNS thread say to each other. Answers need none of it. */

export interface ThreadOrders {
  readonly zones: SharedArrayBuffer;
  readonly hashSeed: number;
  readonly reader: number;
  readonly counts: SharedArrayBuffer;
  readonly listen: readonly { readonly hostname: string; readonly port: number }[];
}

export type ThreadReport =
  | { readonly kind: "up"; readonly bound: readonly { readonly hostname: string; readonly port: number }[] }
  | { readonly kind: "cannot-listen"; readonly where: string; readonly why: string }
  | { readonly kind: "failure"; readonly why: string };
