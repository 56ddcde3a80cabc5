/** From a request to the credential it carries: the first that is there of those its rule allows. */

import { unreachable } from "../base/assert.ts";
import { makePresented, makePresentedSecret, parseBasic, parseBearer } from "./credential.ts";
import type { Presented } from "./credential.ts";
import { readUnescaped } from "./parameters.ts";
import type { Parameter } from "./parameters.ts";
import { decodePercent } from "./percent.ts";
import type { CredentialMapping, CredentialSource } from "./rule.ts";

export function findCredential(
  headers: ReadonlyMap<string, string>,
  mapping: CredentialMapping,
  parameters: readonly Parameter[],
): Presented {
  for (const source of mapping) {
    const presented = look(source, headers, parameters);
    if (presented.kind !== "absent") return presented;
  }
  return { kind: "absent" };
}

function look(
  source: CredentialSource,
  headers: ReadonlyMap<string, string>,
  parameters: readonly Parameter[],
): Presented {
  switch (source.kind) {
    case "basic":
      return lookForBasic(headers, mayBeOther(headers));
    case "basic-secret": {
      const basic = lookForBasic(headers, mayBeOther(headers));
      if (basic.kind !== "credential" || basic.credential.kind !== "password") return basic;
      return makePresentedSecret("token", basic.credential.password);
    }
    case "bearer":
      return parseBearer(headers.get("authorization"));
    case "headers":
      return makePresented(headers.get(source.username) ?? "", headers.get(source.password) ?? "");
    case "parameters":
      return makePresented(
        findLast(parameters, source.usernames),
        findLast(parameters, source.passwords),
      );
    case "secret":
      return makePresentedSecret(source.form, findSecret(parameters, source));
    case "bare-key": {
      const bare = parameters.find(({ raw }) => !raw.includes("=") || paddedKey.test(raw));
      return makePresentedSecret("token", decodePercent(bare?.raw ?? ""));
    }
    default:
      return unreachable(source);
  }
}

/** FreeDNS' keys are base64 (RFC 4648 §4), some of them with padding. No parameter's name is that long. */
const paddedKey = /^[A-Za-z0-9+/_-]{20,}={1,2}$/;

/** A header of another scheme is malformed only where no other source could mean it. */
function lookForBasic(headers: ReadonlyMap<string, string>, isOther: boolean): Presented {
  return isOther ? { kind: "absent" } : parseBasic(headers.get("authorization"));
}

function mayBeOther(headers: ReadonlyMap<string, string>): boolean {
  return parseBearer(headers.get("authorization")).kind !== "absent";
}

function findSecret(
  parameters: readonly Parameter[],
  source: Extract<CredentialSource, { kind: "secret" }>,
): string {
  if (source.isUnescaped !== true) return findLast(parameters, source.parameters);
  const found = parameters.findLast((parameter) => source.parameters.includes(parameter.key));
  return found === undefined ? "" : readUnescaped(found);
}

function findLast(parameters: readonly Parameter[], keys: readonly string[]): string {
  return parameters.findLast((parameter) => keys.includes(parameter.key))?.value ?? "";
}
