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
import { refuse } from "./app.ts";
import { Refusal } from "./refusal.ts";
import { addSecurityHeaders } from "./security-headers.ts";
import type { TransportParts } from "./security-headers.ts";
import { isPagePath } from "./dashboard.ts";
import type { PageFile } from "./dashboard.ts";
import { statusPage, statusScript, statusStyle } from "./status-page.ts";

export interface WebOptions {
  readonly hostname: string;
  readonly port: number;
  /** Makes it an HTTPS listener. */
  readonly certificates?: Certificates;
  readonly transport: TransportParts;
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

/** What an HTTPS listener shows: PEM texts, a key for each chain. */
export interface Certificates {
  current(): { readonly cert: readonly string[]; readonly key: readonly string[] };
  /** Calls back whenever there are others; returns how to stop that. */
  onChange(act: () => void): Disposable;
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

/** The runtime's own bound, above that of every route: a route says itself what it takes, in words. */
const bodyOctetsMax = 33 * 1_024 * 1_024;
const idleSeconds = 30;
/** A page of ours needs a tenth of it. The runtime's own bound is 16 KiB, and says no more than its number. */
const urlCharactersMax = 8_000;
const headerCharactersMax = 12_000;

export function listenWeb(options: WebOptions): WebListener {
  const listen = (port: number) =>
    Bun.serve({
      hostname: options.hostname,
      port,
      ...(options.certificates === undefined ? {} : { tls: tlsOf(options.certificates) }),
      maxRequestBodySize: bodyOctetsMax,
      idleTimeout: idleSeconds,
      development: false,
      // Bun 1.4.5 shares the port where development is off: two services would take turns unnoticed.
      reusePort: false,
      async fetch(request, self) {
        const socketAddress = self.requestIP(request)?.address;
        const page = await answerAny(request, socketAddress, options);
        const url = URL.parse(request.url) ?? new URL("http://invalid/");
        addSecurityHeaders(page.headers, url, options.transport);
        if (page.headers.get("content-type") === "text/event-stream") self.timeout(request, 0); // may be silent
        return page;
      },
    });
  let server = listen(options.port);
  const port = server.port ?? options.port;
  // The runtime cannot give a listener another certificate, so another listener takes its place; connections stay.
  const renewal = options.certificates?.onChange(() => {
    void server.stop();
    server = listen(port);
    options.log.info({ port }, "The web is shown the new certificate");
  });
  return {
    hostname: options.hostname,
    port,
    open: () => server.pendingRequests,
    async [Symbol.asyncDispose]() {
      renewal?.[Symbol.dispose]();
      await server.stop(true);
    },
  };
}

function tlsOf(certificates: Certificates): { cert: string[]; key: string[] } {
  const { cert, key } = certificates.current();
  return { cert: [...cert], key: [...key] };
}

/** All that goes wrong is a problem, also what is wrong before there is a route. */
async function answerAny(
  request: Request,
  socketAddress: string | undefined,
  options: WebOptions,
): Promise<Response> {
  try {
    const { pathname } = checkHead(request);
    const peer = peerOf(request, socketAddress, options.trustedProxies);
    if (pathname.startsWith("/api/") && peer !== undefined) return await options.app(request, peer);
    return await answer(pathname, request, peer, options);
  } catch (error) {
    return refuse(error, crypto.randomUUID(), options.log);
  }
}

const methods: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
]);

/** The runtime hands TRACE and CONNECT to us like any other method (seen in Bun 1.4.5). */
function checkHead(request: Request): URL {
  if (!methods.has(request.method)) {
    throw new Refusal(405, "wrong-method", "This method is not understood here.", {
      headers: [["Allow", [...methods].join(", ")]],
    });
  }
  const url = URL.parse(request.url);
  if (url === null) throw new Refusal(400, "bad-url", "The URL cannot be read.");
  if (request.url.length > urlCharactersMax) {
    throw new Refusal(414, "too-long", `The URL is longer than ${urlCharactersMax} characters.`);
  }
  let characters = 0;
  for (const [name, value] of request.headers) characters += name.length + value.length + 4;
  if (characters > headerCharactersMax) {
    const most = `${headerCharactersMax} characters`;
    throw new Refusal(431, "too-long", `The headers are longer than ${most}.`);
  }
  return url;
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
