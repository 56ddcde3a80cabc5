/** `Retry-After`, RFC 9110 §10.2.3: seconds, or a date. */

/** Above this a wrong clock or a joke is likelier than a service that means it. */
export const retryAfterMsMax = 24 * 60 * 60 * 1_000;

/** `undefined` when there is none, or none that can be read. */
export function readRetryAfterMs(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim() ?? "";
  const ms = /^\d{1,10}$/.test(text) ? Number(text) * 1_000 : parseHttpDate(text) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), retryAfterMsMax);
}

/** RFC 9110 §5.6.7, the form that everybody sends: `Sun, 06 Nov 1994 08:49:37 GMT`. */
function parseHttpDate(text: string): number {
  return /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
}
