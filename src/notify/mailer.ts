/** Sends mails over SMTP, one recipient each, and never more than was agreed. */

import { createTransport } from "nodemailer";
import { BoundedMap } from "../base/bounded-map.ts";
import type { Clock } from "../base/clock.ts";
import { makeBucket, take, waitMs } from "../base/token-bucket.ts";
import type { BucketRule, TokenBucket } from "../base/token-bucket.ts";
import type { Mail } from "../core/mail-texts.ts";
import { cleanText } from "../observe/log-text.ts";
import { parseMailAddress } from "./mail-address.ts";

export type Sent =
  | { readonly kind: "sent"; readonly says: string }
  /** `retryAfterMs`: when it may be tried again. */
  | { readonly kind: "too-many"; readonly says: string; readonly retryAfterMs: number }
  | { readonly kind: "failed"; readonly says: string };

export interface MailerParts {
  /** `smtps://name:password@mail.example.net` */
  readonly smtpUrl: string;
  /** The address that mails are from. */
  readonly from: string;
  readonly clock: Clock;
  /** The name beside that address. */
  brandName(): string;
}

const hourMs = 3_600_000;
/** Whoever knows an address can have mails sent to it (T42). */
const perAddress: BucketRule = { burst: 3, refillMs: hourMs / 3 };
const inAll: BucketRule = { burst: 100, refillMs: hourMs / 100 };
/** More addresses than `inAll` lets through before the first of them may have three again. */
const addressesMax = 1_000;
const connectMs = 10_000;
const idleMs = 30_000;

export class Mailer implements Disposable {
  readonly #parts: MailerParts;
  readonly #transport: ReturnType<typeof createTransport>;
  readonly #buckets = new BoundedMap<string, TokenBucket>(addressesMax);
  readonly #all: TokenBucket;

  constructor(parts: MailerParts) {
    this.#parts = parts;
    this.#all = makeBucket(inAll, parts.clock.monotonicMs());
    this.#transport = createTransport({
      url: parts.smtpUrl,
      connectionTimeout: connectMs,
      greetingTimeout: connectMs,
      socketTimeout: idleMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  /** Never throws: what became of it is told in a sentence that may be shown to the operator. */
  async send(to: string, { subject, text }: Mail): Promise<Sent> {
    const address = parseMailAddress(to);
    if (address === undefined) return { kind: "failed", says: "The address is none." };
    const retryAfterMs = this.#takeTurn(address.toLowerCase());
    if (retryAfterMs > 0) return { kind: "too-many", says: "Too many mails.", retryAfterMs };
    try {
      const { response } = await this.#transport.sendMail({
        from: { name: this.#parts.brandName(), address: this.#parts.from },
        to: { name: "", address },
        subject: oneLine(subject),
        text,
        headers: { "Auto-Submitted": "auto-generated" }, // RFC 3834 §5: nobody is out of office to us
      });
      return { kind: "sent", says: cleanText(`The mail server said ${response}`) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { kind: "failed", says: cleanText(`The mail server did not take it: ${why}`) };
    }
  }

  [Symbol.dispose](): void {
    this.#transport.close();
  }

  /** How long there is to wait; 0: the turn was taken. */
  #takeTurn(key: string): number {
    const nowMs = this.#parts.clock.monotonicMs();
    const bucket = this.#buckets.find(key) ?? makeBucket(perAddress, nowMs);
    this.#buckets.set(key, bucket);
    const wait = Math.max(waitMs(bucket, perAddress, nowMs), waitMs(this.#all, inAll, nowMs));
    if (wait > 0) return wait;
    take(bucket, perAddress, nowMs);
    take(this.#all, inAll, nowMs);
    return 0;
  }
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
}
