import { describe, expect, test } from "bun:test";
import { credentialOctetsMax, makePresented, parseBasic } from "./credential.ts";

const basic = (octets: string): string => `Basic ${btoa(octets)}`;
const utf8 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

describe("credentials", () => {
  const read: readonly (readonly [string, string, string, string])[] = [
    ["user and password", basic("cam:secret"), "cam", "secret"],
    ["the first colon splits", basic("user:pa:ss"), "user", "pa:ss"],
    ["a password of colons", basic("user:::"), "user", "::"],
    ["an empty user", basic(":secret"), "", "secret"],
    ["an empty password", basic("cam:"), "cam", ""],
    ["both empty", basic(":"), "", ""],
    ["spaces belong to it", basic(" cam : se cret "), " cam ", " se cret "],
    ["the scheme in lower case", `basic ${btoa("cam:secret")}`, "cam", "secret"],
    ["the scheme in upper case", `BASIC ${btoa("cam:secret")}`, "cam", "secret"],
    ["two spaces behind the scheme", `Basic  ${btoa("cam:secret")}`, "cam", "secret"],
    ["no padding", "Basic Y2FtOnNlY3JldA", "cam", "secret"],
    ["one of two padding characters", "Basic Y2FtOnNlY3JldA=", "cam", "secret"],
    ["plus and slash", basic("c:\xfb\xff\xbe"), "c", "\xfb\xff\xbe"],
    ["Latin-1 octets", basic("cam:M\xfcller"), "cam", "M\xfcller"],
    ["UTF-8 octets", basic(utf8("cam:Müller")), "cam", "M\xc3\xbcller"],
    ["the euro sign", basic(utf8("cam:€")), "cam", "\xe2\x82\xac"],
    ["octets of C1 are parts of UTF-8", basic(utf8("cam:\u0141")), "cam", "\xc5\x81"],
    ["quotes", basic('cam:"x"'), "cam", '"x"'],
    ["an at sign", basic("a@b.test:x"), "a@b.test", "x"],
    ["__proto__", basic("__proto__:constructor"), "__proto__", "constructor"],
    ["the longest", basic(`c:${"x".repeat(510)}`), "c", "x".repeat(credentialOctetsMax - 2)],
  ];
  for (const [title, header, username, password] of read) {
    test(title, () => {
      expect(parseBasic(header)).toEqual({
        kind: "credential",
        credential: { kind: "password", username, password },
      });
    });
  }

  const malformed: readonly (readonly [string, string])[] = [
    ["the scheme alone", "basic"],
    ["the scheme and a space", "Basic "],
    ["another scheme", "Bearer abcdef"],
    ["a scheme that begins alike", `Basically ${btoa("a:b")}`],
    ["no scheme", btoa("cam:secret")],
    ["no colon", basic("camsecret")],
    ["characters that are not base64", "Basic Y2Ft*nNlY3JldA=="],
    ["the base64 of URLs", "Basic YzrD-8OvwqA_"],
    ["white space in the middle", "Basic Y2Ft OnNlY3JldA=="],
    ["padding in the middle", "Basic Y2Ft=OnNlY3JldA"],
    ["three padding characters", "Basic Y2FtOnNlY3JldA==="],
    ["a length no base64 has", "Basic Y2FtO"],
    ["two headers, joined", `${basic("a:b")}, ${basic("a:b")}`],
    ["NUL", basic("cam:sec\0ret")],
    ["CR LF", basic("cam:secret\r\nX: y")],
    ["a tab", basic("cam:\tsecret")],
    ["DEL", basic("cam:\x7f")],
    ["ESC in the user name", basic("\x1bcam:x")],
    ["one octet too many", basic(`c:${"x".repeat(511)}`)],
    ["8 KiB of it", basic(`c:${"x".repeat(8_192)}`)],
    ["Digest", 'Digest username="cam"'],
    ["raw octets", "Basic M\xfcller"],
  ];
  for (const [title, header] of malformed) {
    test(`none: ${title}`, () => {
      expect(parseBasic(header)).toEqual({ kind: "malformed" });
    });
  }

  test("there are at least forty vectors", () => {
    expect(read.length + malformed.length).toBeGreaterThanOrEqual(40);
  });

  test("no header and an empty one are no credential at all", () => {
    expect(parseBasic(undefined)).toEqual({ kind: "absent" });
    expect(parseBasic("")).toEqual({ kind: "absent" });
  });

  test("a pair of parameters keeps the same rules", () => {
    expect(makePresented("cam", "a:b")).toEqual({
      kind: "credential",
      credential: { kind: "password", username: "cam", password: "a:b" },
    });
    expect(makePresented("", "")).toEqual({ kind: "absent" });
    expect(makePresented("cam", "a\nb")).toEqual({ kind: "malformed" });
    expect(makePresented("cam", "x".repeat(510))).toEqual({ kind: "malformed" });
  });
});
