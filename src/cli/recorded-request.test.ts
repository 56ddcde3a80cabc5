import { describe, expect, test } from "bun:test";

import { parseAddress } from "../base/address.ts";
import { readRecorded } from "./recorded-request.ts";

const peer = parseAddress("192.0.2.9")!;

/** Method, target, what matters of the headers, and body. */
function read(text: string): string {
  const reading = readRecorded(text, peer);
  if (reading.kind === "not-understood") return `not understood: ${reading.why}`;
  const { method, target, headers, body } = reading.request;
  const shown = ["host", "authorization", "user-agent", "content-type", "x-key"]
    .flatMap((name) => headers.get(name) ?? [])
    .map((value) => ` [${value}]`)
    .join("");
  return `${method} ${target}${shown}${body === "" ? "" : ` ${body}`}`;
}

const camSecret = "[Basic Y2FtOnNlY3JldA==]";
const form = "[application/x-www-form-urlencoded]";

describe("what people hand over becomes the request that a device would send", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "a URL",
      "http://dyn.test/nic/update?hostname=a.test\n",
      "GET /nic/update?hostname=a.test [dyn.test]",
    ],
    [
      "a URL with a login",
      "https://cam:secret@dyn.test:8245/x",
      `GET /x [dyn.test:8245] ${camSecret}`,
    ],
    ["a URL without a path", "http://dyn.test?a=1#f", "GET /?a=1 [dyn.test]"],
    ["a target", "/nic/update?hostname=a.test", "GET /nic/update?hostname=a.test"],
    ["a request", "GET /x HTTP/1.0\r\nHost: dyn.test\r\n\r\n", "GET /x [dyn.test]"],
    ["one whose lines end plainly", "GET /x HTTP/1.0\nHost: dyn.test\n\n", "GET /x [dyn.test]"],
    ["one without its empty line", "GET /x HTTP/1.0\nHost: dyn.test", "GET /x [dyn.test]"],
    ["only its line", "GET /x HTTP/1.0", "GET /x"],
    ["a line without version", "GET /x", "GET /x"],
    ["a body without its length", "POST /x HTTP/1.1\nX-Key: k\n\na=1&b=2\n", "POST /x [k] a=1&b=2"],
    ["a body with it", "POST /x HTTP/1.1\nContent-Length: 3\n\na=1", "POST /x a=1"],
    ["curl", "curl http://dyn.test/x", "GET /x [dyn.test] [curl]"],
    ["its login", "curl -u cam:secret dyn.test/x", `GET /x [dyn.test] ${camSecret} [curl]`],
    ["a glued login", "curl -sSucam:secret dyn.test/x", `GET /x [dyn.test] ${camSecret} [curl]`],
    ["an empty password", "curl -u cam dyn.test/x", "GET /x [dyn.test] [Basic Y2FtOg==] [curl]"],
    [
      "headers",
      `curl -H 'X-Key: -a b' -H "Host: o.test" -A "TVT 1" http://d.test/x`,
      "GET /x [o.test] [TVT 1] [-a b]",
    ],
    [
      "a form",
      "curl -d a=1 --data-raw '@b=2' d.test/x",
      `POST /x [d.test] [curl] ${form} a=1&@b=2`,
    ],
    [
      "a form in the query",
      "curl -G -d a=1 -d b=2 'd.test/x?c=3'",
      "GET /x?c=3&a=1&b=2 [d.test] [curl]",
    ],
    [
      "an encoded value",
      "curl -G --data-urlencode 'a=b c&d' d.test/x",
      "GET /x?a=b%20c%26d [d.test] [curl]",
    ],
    [
      "JSON",
      `curl --json '{"a":1}' d.test/x`,
      `POST /x [d.test] [curl] [application/json] {"a":1}`,
    ],
    ["a method", "curl -XPUT d.test/x", "PUT /x [d.test] [curl]"],
    ["a head", "curl -I d.test/x", "HEAD /x [d.test] [curl]"],
    ["lines", "curl \\\n  -s \\\n  --url d.test/x\n", "GET /x [d.test] [curl]"],
    [
      "quotes",
      `curl d.test/x -A 'it'\\''s "a"' -H "X-Key: \\"b\\" \\c"`,
      `GET /x [d.test] [it's "a"] ["b" \\c]`,
    ],
    [
      "what browsers copy",
      String.raw`curl d.test/x -H $'X-Key: it\'s'`,
      "GET /x [d.test] [curl] [it's]",
    ],
    [
      "what changes nothing",
      "curl -4sSfkLv -m 5 -o /dev/null --retry 3 d.test/x",
      "GET /x [d.test] [curl]",
    ],
    ["an empty word", "curl -A '' d.test/x", "GET /x [d.test] []"],
  ];
  for (const [title, text, expected] of cases) {
    test(title, () => expect(read(text)).toBe(expected));
  }
});

describe("what is none says why", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["", "its head has no end"],
    ["hello", "a device listener refuses it: no request line"],
    ["curl -u 'cam:secret d.test", "a quote is left open"],
    ["curl -s", "it has no URL"],
    ["curl d.test -u", "--user has no value"],
    ["curl -d @file d.test", "--data names a file"],
    ["curl --proxy x d.test", "--proxy is no option that is known here"],
    ["curl -sZ d.test", "-sZ is no option that is known here"],
    ["POST /x HTTP/1.1\nContent-Length: 9\n\na=1", "its body has no end"],
    ["GET /x HTTP/1.1\nTransfer-Encoding: chunked\n\n", "a device listener refuses it"],
  ];
  for (const [text, why] of cases) {
    test(JSON.stringify(text), () => expect(read(text)).toContain(why));
  }
});

test("it comes from where it was said to come from", () => {
  const reading = readRecorded("/x", peer);
  expect(reading.kind === "request" && reading.request.peer.text).toBe("192.0.2.9");
});
