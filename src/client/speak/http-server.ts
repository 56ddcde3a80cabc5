/** Where an HTTP service listens, as a setting: `dyn.example.com`, `dyn.example.com:8245`, `http://[2001:db8::1]`. */

/** Scheme, host and port; `URL.origin` in form, and no more. */
export type HttpOrigin = string & { readonly __brand: "HttpOrigin" };

export const httpServerWants =
  "a host, host:port, or http:// or https:// with a host; no path and no password";

/** Without a scheme it is https: a password belongs to its service alone. */
export function parseHttpServer(text: string): HttpOrigin | undefined {
  const whole = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  // Only letters that make a host and a port: a URL parser takes much more, and turns it around.
  if (!/^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?\/?$/i.test(whole)) return undefined;
  const url = URL.parse(whole);
  return url === null ? undefined : (url.origin as HttpOrigin);
}
