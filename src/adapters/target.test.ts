import { describe, expect, test } from "bun:test";
import { parseBasic } from "./credential.ts";
import { parseParameters } from "./parameters.ts";
import { cutScriptSuffix, cutSegmentSuffix, parseTarget, splitSegments } from "./target.ts";

describe("targets", () => {
  const cases: readonly (readonly [string, string, string, string | undefined])[] = [
    // as written, path, query, authority
    ["/nic/update?hostname=a", "/nic/update", "hostname=a", undefined],
    ["/NIC/Update/", "/nic/update", "", undefined],
    ["", "/", "", undefined],
    ["/", "/", "", undefined],
    ["//", "/", "", undefined],
    ["//nic/update?x", "/nic/update", "x", undefined], // UniFi
    ["/\\/nic/update", "/nic/update", "", undefined], // UniFi
    ["/nic//update///", "/nic/update", "", undefined],
    ["/%6eic/upd%61te", "/nic/update", "", undefined],
    ["/nic/%zz", "/nic/%zz", "", undefined],
    ["/nic%2fupdate", "/nic/update", "", undefined],
    ["/nic/update#x?y", "/nic/update", "", undefined],
    ["/nic/update?a=1#x", "/nic/update", "a=1", undefined],
    ["?hostname=a", "/", "hostname=a", undefined],
    ["http://h.test/nic/update?a", "/nic/update", "a", "h.test"],
    ["HTTPS://H.test:8245/x", "/x", "", "H.test:8245"],
    ["http://h.test", "/", "", "h.test"],
    ["http://h.test?a=1", "/", "a=1", "h.test"],
    ["http://u:p@h.test/x", "/x", "", "h.test"],
    ["http://[2001:db8::1]:80/x", "/x", "", "[2001:db8::1]:80"],
    ["http:///nic/update", "/nic/update", "", ""],
    ["dyn.test", "/", "", "dyn.test"],
    ["dyn.test/nic/update?a", "/nic/update", "a", "dyn.test"],
    ["nic/update?a", "/nic/update", "a", undefined],
    ["update.php?a.b", "/update.php", "a.b", undefined],
    ["/x?a=1%20http://other.test/y", "/x", "a=1", undefined], // FRITZ!Box
    ["/x?a=1 http://other.test/y", "/x", "a=1", undefined],
    ["/x?a=http://other.test/y", "/x", "a=http://other.test/y", undefined],
    ["/x?a=HTTP/1.0", "/x", "a=HTTP/1.0", undefined],
    ["  /x  ", "/x", "", undefined],
  ];
  for (const [written, path, query, authority] of cases) {
    test(`"${written}"`, () => {
      expect(parseTarget(written, false)).toMatchObject({ path, query, authority });
    });
  }

  test("a glued version is cut off where the line had none", () => {
    for (const [written, path] of [
      ["http://checkip.dyndns.org/HTTP/1.0", "/"],
      ["/ipHTTP/1.1", "/ip"],
      ["/ip?a=1HTTP/1.1", "/ip"],
    ] as const) {
      expect(parseTarget(written, true).path).toBe(path);
    }
    expect(parseTarget("/HTTP/1.0", false).path).toBe("/http/1.0");
  });

  test("patterns do not try again from everywhere on targets made for it", () => {
    // Fifty times what a head can hold: a pattern of quadratic cost would need minutes.
    const octets = 400_000;
    const startMs = performance.now();
    for (const piece of ["/", "%", "a.", "\\", " http", "@", "/..", "a:/", " ", "HTTP/1"]) {
      const hostile = `${piece.repeat(octets / piece.length)}x `;
      parseTarget(hostile, true);
      parseTarget(`http://${hostile}`, true);
      parseParameters(hostile.replaceAll("&", ""), undefined, "");
      cutScriptSuffix(hostile);
      parseBasic(`Basic ${hostile}`);
    }
    expect(performance.now() - startMs).toBeLessThan(20_000);
  }, 120_000);
});

describe("script suffixes", () => {
  const cases = [
    ["/nic/update.php", "/nic/update"],
    ["/nic/update/default.aspx", "/nic/update"],
    ["/client/update.asp", "/client/update"],
    ["/remoteupdate.sv", "/remoteupdate"],
    ["/x.php5", "/x"],
    ["/default.asp", "/"],
    ["/x.exe", "/x.exe"],
    ["/x.php/y", "/x.php/y"],
  ] as const;
  for (const [path, bare] of cases) {
    test(`${path} is also ${bare}`, () => {
      expect(cutScriptSuffix(path)).toBe(bare);
    });
  }
});

describe("segments of a written path", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["/a/B", ["a", "B"]],
    ["//a/\\/b/", ["a", "b"]],
    ["/a%2Fb/c", ["a/b", "c"]],
    ["/%41/%zz", ["A", "%zz"]],
    ["", []],
  ];
  for (const [written, segments] of cases) {
    test(`"${written}"`, () => expect(splitSegments(written)).toEqual(segments));
  }

  const suffixed: readonly (readonly [readonly string[], readonly string[]])[] = [
    [
      ["a", "B.PHP"],
      ["a", "B"],
    ],
    [["a", "Default.aspx"], ["a"]],
    [
      ["a.php", "b"],
      ["a.php", "b"],
    ],
    [["a", ".php"], ["a"]],
    [[], []],
  ];
  for (const [segments, bare] of suffixed) {
    test(`${segments.join("/")} is also ${bare.join("/")}`, () => {
      expect(cutSegmentSuffix(segments)).toEqual(bare);
    });
  }

  test("what was parsed keeps the path as it came", () => {
    expect(parseTarget("http://h.test//U/aBc?x#y", false).writtenPath).toBe("//U/aBc");
  });
});
