/** What the main thread and a DNS thread say to each other. Answers need none of it. */

export interface DnsAddress {
  readonly hostname: string;
  readonly port: number;
}

export interface ThreadOrders {
  readonly zones: SharedArrayBuffer;
  readonly hashSeed: number;
  readonly reader: number;
  readonly counts: SharedArrayBuffer;
  readonly listen: readonly DnsAddress[];
}

export type ThreadReport =
  | { readonly kind: "up"; readonly bound: readonly DnsAddress[] }
  /** `code` as the system names it, such as EADDRINUSE. */
  | {
      readonly kind: "cannot-listen";
      readonly address: DnsAddress;
      readonly code: string;
      readonly why: string;
    }
  | { readonly kind: "failure"; readonly why: string };
