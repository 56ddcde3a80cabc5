/**
 * Targets of requests: authority, path and query text of what stood between method and version.
 * Never `new URL()`: it reads `//update?…`, which UniFi gateways send, as the name of a server.
 */

import { decodePercent } from "./percent.ts";
import { trimSpaces } from "./spaces.ts";

export interface Target {
  /** Of an absolute form or of a target without path; host and port as written. */
  readonly authority: string | undefined;
  /** Decoded, lower case, slashes collapsed, without a final one; `/` for the root. */
  readonly path: string;
  /** The path as it came: nothing decoded, the case kept, since tokens in paths have one. */
  readonly writtenPath: string;
  /** Behind the first `?`, nothing decoded. */
  readonly query: string;
}

/** `isHttp09`: the line had no version, so one may be glued to the target. */
export function parseTarget(written: string, isHttp09: boolean): Target {
  let rest = cutSecondUrl(trimSpaces(written));
  const fragment = rest.indexOf("#");
  if (fragment !== -1) rest = rest.slice(0, fragment);
  if (isHttp09) rest = rest.replace(gluedVersion, "");

  let authority: string | undefined;
  const first = rest.charCodeAt(0);
  if (first !== slash && first !== question && first !== backslash && rest !== "") {
    const absolute = absoluteForm.exec(rest) ?? bareHost.exec(rest);
    if (absolute !== null) {
      authority = absolute[1]!;
      rest = rest.slice(absolute[0].length);
    }
  }
  const mark = rest.indexOf("?");
  const writtenPath = mark === -1 ? rest : rest.slice(0, mark);
  return {
    authority,
    path: normalisePath(writtenPath),
    writtenPath,
    query: mark === -1 ? "" : rest.slice(mark + 1),
  };
}

/** `/nic/update/default.aspx` is answered where `/nic/update` is, unless a rule says otherwise. */
export function cutScriptSuffix(path: string): string {
  const cut = path.replace(scriptSuffix, "");
  return cut === "" ? "/" : cut;
}

/**
 * The segments of a written path, each decoded, with its case. An escaped slash separates nothing: it is part of
 * a token.
 */
export function splitSegments(writtenPath: string): readonly string[] {
  return writtenPath
    .split(/[/\\]/)
    .filter((segment) => segment !== "")
    .map(decodePercent);
}

/** As `cutScriptSuffix` does it to a path. */
export function cutSegmentSuffix(segments: readonly string[]): readonly string[] {
  const last = segments.at(-1);
  if (last === undefined) return segments;
  const folded = last.toLowerCase();
  const cut = `/${folded}`.replace(scriptSuffix, "");
  const rest = segments.slice(0, -1);
  return cut.length <= 1 ? rest : [...rest, last.slice(0, cut.length - 1)];
}

const slash = 0x2f;
const question = 0x3f;
const backslash = 0x5c;

const scriptSuffix = /(?:\/default)?\.(?:aspx?|php\d?|pl|cgi|jsp|sv|do|html?)$/;

/** A FRITZ!Box that is given two update URLs sends both in one line, with a space or `%20` between. */
function cutSecondUrl(target: string): string {
  const second = target.search(secondUrl);
  return second === -1 ? target : target.slice(0, second);
}

const secondUrl = /(?:%20| )https?:/i;

/** TVT: `GET http://checkip.dyndns.org/HTTP/1.0`. */
const gluedVersion = /HTTP\/\d(?:\.\d)?$/i;

/** RFC 9112 §3.2.2; clients behind a proxy send it. User information is not part of the authority. */
const absoluteForm = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?\\@]*@)?([^/?\\]*)/i;

/**
 * `GET host HTTP/1.0`: a UniFi setting that lacks its path. A first segment with a dot in it is a
 * host, unless the dot is that of a script.
 */
const bareHost =
  /^(?![^/?]*\.(?:aspx?|php\d?|pl|cgi|jsp|sv|do|html?)(?:[/?]|$))([^/?\\]*\.[^/?\\]*)(?=[/?\\]|$)/i;

function normalisePath(written: string): string {
  if (alreadyNormal.test(written)) return written;
  const decoded = decodePercent(written).replaceAll("\\", "/").toLowerCase();
  const path = `/${decoded}`.replace(manySlashes, "/");
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** Nearly every request there is. */
const alreadyNormal = /^(?:\/[a-z0-9_.-]+)+$/;
const manySlashes = /\/{2,}/g;
