/** A URL with places for what changes: `{host}`, `{ip4}`, `{ip6}`, `{user}`, `{password}`. */

const placeholderNames = ["host", "ip4", "ip6", "user", "password"] as const;
export type Placeholder = (typeof placeholderNames)[number];

export const urlTemplateWants =
  "http:// or https:// with a fixed host and no password in front of it, and {host} {ip4} {ip6} {user} {password} behind it";

export interface UrlTemplate {
  readonly origin: string;
  readonly path: string;
  /** As `name={ip4}`, without what separates them. */
  readonly parameters: readonly string[];
  readonly placeholders: ReadonlySet<Placeholder>;
}

/** Places are in the path and the query only: a secret must not become part of a name that is looked up. */
export function parseTemplate(text: string): UrlTemplate | undefined {
  const match = /^(https?:\/\/[^/?#@{}\s]+)(\/[^?#\s]*)?(?:\?([^#\s]*))?$/i.exec(text);
  const url = URL.parse(match?.[1] ?? "");
  if (match === null || url === null) return undefined;
  const path = match[2] ?? "/";
  const query = match[3] ?? "";
  const placeholders = new Set<Placeholder>();
  for (const [, name = ""] of `${path}?${query}`.matchAll(/\{([^{}]*)\}/g)) {
    const known = placeholderNames.find((placeholder) => placeholder === name);
    if (known === undefined) return undefined;
    placeholders.add(known);
  }
  if (/[{}]/.test(`${path}?${query}`.replaceAll(/\{\w+\}/g, ""))) return undefined;
  const parameters = query.split("&").filter((parameter) => parameter !== "");
  return { origin: url.origin, path, parameters, placeholders };
}

export type Filling = Readonly<Record<Placeholder, string | undefined>>;

/**
 * The URL with everything in its place, escaped (RFC 3986 §2.1). A family that is not sent leaves its
 * parameter out, since an empty one tells many services to forget the address. `undefined` when no
 * address that is sent has a place, or the path needs one that is not.
 */
export function fillTemplate(template: UrlTemplate, filling: Filling): URL | undefined {
  const hasPlace = (["ip4", "ip6"] as const).some(
    (name) => filling[name] !== undefined && template.placeholders.has(name),
  );
  const path = fill(template.path, filling);
  if (!hasPlace || path === undefined) return undefined;
  const parameters = template.parameters.flatMap((parameter) => {
    // `ip={ip4},{ip6}`: each stands for itself.
    const parts = parameter.split(",").map((part) => fill(part, filling));
    const kept = parts.filter((part) => part !== undefined);
    if (parts[0] === undefined && kept.length > 0) {
      return [`${parameter.slice(0, parameter.indexOf("=") + 1)}${kept.join(",")}`];
    }
    return kept.length === 0 ? [] : [kept.join(",")];
  });
  const query = parameters.length === 0 ? "" : `?${parameters.join("&")}`;
  return new URL(`${template.origin}${path}${query}`);
}

/** `undefined` when a place stays empty. Colons of IPv6 stay: services compare before they decode. */
function fill(text: string, filling: Filling): string | undefined {
  let isWhole = true;
  const filled = text.replaceAll(/\{(\w+)\}/g, (_, name: Placeholder) => {
    const value = filling[name];
    if (value === undefined) isWhole = false;
    return encodeURIComponent(value ?? "").replaceAll("%3A", ":");
  });
  return isWhole ? filled : undefined;
}
