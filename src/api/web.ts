/** The web listener: dashboard, API, status page, health and metrics. Strict HTTP by `Bun.serve`; devices do not come here. */

import { decidePeer, parseSocketAddress } from "../adapters/peer.ts";
import { isWithin } from "../base/address.ts";
import type { Address, Cidr } from "../base/address.ts";
import type { Logo } from "../core/logo.ts";
import type { Log } from "../observe/log.ts";
import { printHealth } from "../observe/health.ts";
import type { Health } from "../observe/health.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { App } from "./app.ts";
import { isPagePath } from "./dashboard.ts";
import type { PageFile } from "./dashboard.ts";
import { securityHeaders } from "./security-headers.ts";
import { statusPage, statusScript, statusStyle } from "./status-page.ts";

export interface WebOptions {
  readonly hostname: string;
  readonly port: number;
  readonly trustedProxies: readonly Cidr[];
  /** Who may read /metrics. */
  readonly metricsFrom: readonly Cidr[];
  readonly metrics: Metrics;
  readonly log: Log;
  /** Everything under `/api/`. */
  readonly app: App;
  /** Files of the pages for people, by path. */
  dashboard(): Promise<ReadonlyMap<string, PageFile>>;
  /** Of the operator; undefined: there is none. */
  logo(): Logo | undefined;
  health(): Health;
  /** What the status page shows. Nothing that a stranger may not see. */
  status(): Status;
}

export interface Status {
  readonly version: string;
  readonly upSeconds: number;
  /** Name and number, in the order in which they are shown. */
  readonly numbers: readonly (readonly [string, number])[];
  /** A sample fleet's hosts; none where the hosts belong to people. */
  readonly hosts: readonly {
    readonly name: string;
    readonly addresses: string;
    readonly changedAtMs: number;
  }[];
}

export interface WebListener extends AsyncDisposable {
  readonly hostname: string;
  readonly port: number;
  /** Open connections. */
  open(): number;
}

/** A bulk import of 100,000 rows; every other route takes far less and says so itself. */
const bodyOctetsMax = 32 * 1_024 * 1_024;
const idleSeconds = 30;

export function listenWeb(options: WebOptions): WebListener {
  const server = Bun.serve({
    hostname: options.hostname,
    port: options.port,
    maxRequestBodySize: bodyOctetsMax,
    idleTimeout: idleSeconds,
    development: false,
    // Bun 1.4.5 shares the port where development is off: two services would take turns unnoticed.
    reusePort: false,
    async fetch(request, self) {
      const peer = peerOf(request, self.requestIP(request)?.address, options.trustedProxies);
      const { pathname } = new URL(request.url);
      const page =
        pathname.startsWith("/api/") && peer !== undefined
          ? await options.app(request, peer)
          : await answer(pathname, request, peer, options);
      for (const [name, value] of securityHeaders) page.headers.set(name, value);
      return page;
    },
    error(error) {
      options.log.error({ error }, "A page could not be made");
      return plain("Something went wrong here. The log says more.\n", 500);
    },
  });
  return {
    hostname: options.hostname,
    port: server.port ?? options.port,
    open: () => server.pendingRequests,
    [Symbol.asyncDispose]: async () => server.stop(true),
  };
}

async function answer(
  path: string,
  request: Request,
  peer: Address | undefined,
  options: WebOptions,
): Promise<Response> {
  const { method } = request;
  if (method !== "GET" && method !== "HEAD") return plain("Only GET is understood here.\n", 405);
  switch (path) {
    case "/status":
      return text(statusPage, "text/html; charset=utf-8");
    case "/status.css":
      return text(statusStyle, "text/css; charset=utf-8");
    case "/status.js":
      return text(statusScript, "text/javascript; charset=utf-8");
    case "/status.json":
      return text(JSON.stringify(options.status()), "application/json");
    case "/brand/logo": {
      const logo = options.logo();
      if (logo === undefined) return plain("There is no logo.\n", 404);
      return new Response(new Blob([new Uint8Array(logo.octets)]), {
        headers: { "Content-Type": logo.type, "Cache-Control": "no-cache" },
      });
    }
    case "/healthz": {
      const { status, body } = printHealth(options.health());
      return text(body, "application/json", status);
    }
    case "/metrics":
      if (peer === undefined || !options.metricsFrom.some((cidr) => isWithin(peer, cidr))) {
        return plain("Metrics are not for this address; see the setting metricsFrom.\n", 403);
      }
      return text(await options.metrics.print(), options.metrics.contentType);
    default:
      return (await pageFile(path, request, options)) ?? plain("There is nothing here.\n", 404);
  }
}

async function pageFile(
  path: string,
  request: Request,
  options: WebOptions,
): Promise<Response | undefined> {
  const isPage = isPagePath(path);
  if (!isPage && !path.startsWith("/assets/")) return undefined;
  const file = (await options.dashboard()).get(isPage ? "/" : path);
  if (file === undefined) return undefined;
  const takesGzip = /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
  return new Response(takesGzip ? file.gzipped : file.octets, {
    headers: {
      "Content-Type": file.type,
      "Cache-Control": file.isLasting ? "public, max-age=31536000, immutable" : "no-store",
      Vary: "Accept-Encoding",
      ...(takesGzip ? { "Content-Encoding": "gzip" } : {}),
    },
  });
}

function peerOf(
  request: Request,
  socketAddress: string | undefined,
  trusted: readonly Cidr[],
): Address | undefined {
  const socketPeer = socketAddress === undefined ? undefined : parseSocketAddress(socketAddress);
  if (socketPeer === undefined) return undefined;
  return decidePeer(socketPeer, request.headers.get("x-forwarded-for") ?? undefined, trusted);
}

function text(body: string, contentType: string, status = 200): Response {
  return new Response(body, {
    status,
    headers: { "Content-Type": contentType, "Cache-Control": "no-store" },
  });
}

function plain(body: string, status: number): Response {
  return text(body, "text/plain; charset=utf-8", status);
}
