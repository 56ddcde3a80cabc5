/** Headers of every answer of the web listener (OWASP ASVS 5.0, 3.4). No CORS header: the API is for pages of its own origin and for programs. */

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const securityHeaders: readonly (readonly [string, string])[] = [
  ["Content-Security-Policy", contentSecurityPolicy],
  ["X-Content-Type-Options", "nosniff"],
  ["Referrer-Policy", "no-referrer"],
  ["X-Frame-Options", "DENY"],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["Permissions-Policy", "camera=(), geolocation=(), microphone=()"],
];

/** A year, as browsers and ASVS 3.4.1 want it. */
const hstsSeconds = 31_536_000;

export interface TransportParts {
  /** Empty: none is set. */
  readonly publicUrl: string;
  /** There is a zone at this name or below it: its hosts are devices that may speak nothing but HTTP (T5). */
  hasZoneBelow(host: string): boolean;
}

export function addSecurityHeaders(reply: Headers, request: URL, parts: TransportParts): void {
  for (const [name, value] of securityHeaders) reply.set(name, value);
  const hsts = strictTransport(request, parts);
  if (hsts !== undefined) reply.set("Strict-Transport-Security", hsts);
}

/** RFC 6797 §7.2: not over plain HTTP, unless a proxy in front has ended the TLS of the name that the operator gave. */
function strictTransport(request: URL, parts: TransportParts): string | undefined {
  const own = parts.publicUrl === "" ? undefined : new URL(parts.publicUrl);
  const isOwn = own?.protocol === "https:" && own.host === request.host;
  if (!isOwn && request.protocol !== "https:") return undefined;
  const withSubDomains = isOwn && !parts.hasZoneBelow(own.hostname);
  return `max-age=${hstsSeconds}${withSubDomains ? "; includeSubDomains" : ""}`;
}
