import { describe, expect, test } from "bun:test";
import { findCredential } from "./find-credential.ts";
import { parseParameters } from "./parameters.ts";
import type { CredentialSource } from "./rule.ts";

function find(query: string, source: CredentialSource, authorization?: string): unknown {
  const headers = new Map(authorization === undefined ? [] : [["authorization", authorization]]);
  return findCredential(headers, [source], parseParameters(query, undefined, "")!);
}

describe("a secret that stands alone", () => {
  const token = (secret: string) => ({ kind: "credential", credential: { kind: "token", secret } });
  const source = { kind: "secret", form: "token", parameters: ["mac"] } as const;

  test("is decoded as a form is, unless its device does not escape it", () => {
    expect(find("mac=a+b/%3D=", source)).toEqual(token("a b/=="));
    expect(find("mac=a+b/%3D=", { ...source, isUnescaped: true })).toEqual(token("a+b/=="));
    expect(find("", { ...source, isUnescaped: true })).toEqual({ kind: "absent" });
  });

  test("is the last of several", () => {
    expect(find("mac=x&mac=y", source)).toEqual(token("y"));
    expect(find("mac=x&mac=y", { ...source, isUnescaped: true })).toEqual(token("y"));
  });

  test("may be the password of Basic", () => {
    expect(find("", { kind: "basic-secret" }, `Basic ${btoa("host:s")}`)).toEqual(token("s"));
  });

  test("stands in the place of a pair, base64 and its padding as they are", () => {
    const bare = { kind: "bare-key" } as const;
    const key = "UkxSdzNNbnVDdGxyc1pTOjEwMDM4MQ";
    const cases = [
      ["KEY&address=192.0.2.7", "KEY"],
      ["address=192.0.2.7&KEY", "KEY"],
      [`${key}==&address=192.0.2.7`, `${key}==`],
      [`${key}%3D%3D&192.0.2.7`, `${key}==`],
      [`${key}==&192.0.2.7`, `${key}==`],
      ["a+b/c+d", "a+b/c+d"],
    ] as const;
    for (const [query, secret] of cases) expect(find(query, bare)).toEqual(token(secret));
    for (const query of ["", "address=", "address=&ip=192.0.2.7"]) {
      expect(find(query, bare)).toEqual({ kind: "absent" });
    }
  });

  test("a segment of the path is no bare key", () => {
    const ofPath = { key: "{token}", value: "x", raw: "{token}=x" };
    const bare = { key: "y", value: "", raw: "Y" };
    const found = (parameters: (typeof ofPath)[]) =>
      findCredential(new Map(), [{ kind: "bare-key" }], parameters);
    expect(found([ofPath])).toEqual({ kind: "absent" });
    expect(found([ofPath, bare])).toEqual(token("Y") as ReturnType<typeof found>);
  });
});
