/** A request as a device sent it and the reply it gets: the one value between sockets and adapters. */

import type { Address } from "../base/address.ts";

export interface DeviceRequest {
  /** Upper case. */
  readonly method: string;
  /** As received between the first and the last space, one character an octet; nothing decoded. */
  readonly target: string;
  /** As received, `HTTP/1.1`; `HTTP/0.9` when the line had none. */
  readonly version: string;
  /**
   * Lower-case names. Of a repeated header the first value; repeated `Authorization` and
   * `X-Forwarded-For` are joined with a comma, so that two of them are seen to be two.
   */
  readonly headers: ReadonlyMap<string, string>;
  /** One character an octet. */
  readonly body: string;
  /** The socket's peer, or what a trusted proxy said of it. */
  readonly peer: Address;
  readonly isTls: boolean;
  /** The port it came in by. */
  readonly port: number;
}

export interface DeviceReply {
  readonly status: DeviceStatus;
  readonly contentType: "text/plain" | "text/html" | "text/xml; charset=utf-8" | "application/json";
  /** ASCII. */
  readonly body: string;
  /** Only TZO, whose error codes are redirects to pages. ASCII, no line ends. */
  readonly location?: string;
  /**
   * The reply may wait so long, where the listener has room for one more that waits: slows a recorder that
   * asks again every second. Never on a success.
   */
  readonly holdMs?: number;
}

/** 220 to 299 are ASUS' own. */
export type DeviceStatus =
  | 200
  | 201
  | 204
  | 220
  | 230
  | 297
  | 298
  | 299
  | 302
  | 400
  | 401
  | 403
  | 404
  | 405
  | 408
  | 413
  | 431
  | 503;
