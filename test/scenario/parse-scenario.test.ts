import { expect, test } from "bun:test";
import { readScenario } from "./parse-scenario.ts";

const step = "dns    home.example.test A\n       NOERROR aa\n";

test("a scenario is what is given and a list of steps with what they lead to", () => {
  const text = `# For the reader.
given  private zone example.test, account alice with host a.example.test and b.example.test
http   GET /nic/update?hostname=a.example.test   as alice   HTTP/1.0   from 203.0.113.9
       200 good 203.0.113.9
       | nohost
       header Connection: close
dns    a.example.test AAAA   soon
       NOERROR aa   a.example.test. 60 A 203.0.113.9
       authority: example.test. SOA
`;
  const { given, steps } = readScenario("x.txt", text);
  expect(given).toEqual([
    { kind: "zone", apex: "example.test", isPrivate: true },
    { kind: "account", user: "alice", hosts: ["a.example.test", "b.example.test"] },
  ]);
  expect(steps).toEqual([
    {
      kind: "http",
      line: 3,
      isSoon: false,
      request: {
        method: "GET",
        target: "/nic/update?hostname=a.example.test",
        version: "HTTP/1.0",
        lineEnd: "\r\n",
        hasHost: true,
        credential: { username: "alice", isWrong: false },
        headers: ["X-Forwarded-For: 203.0.113.9"],
        body: undefined,
      },
      expected: {
        status: 200,
        body: "good 203.0.113.9\nnohost",
        contains: [],
        headers: ["Connection: close"],
      },
    },
    {
      kind: "dns",
      line: 7,
      isSoon: true,
      name: "a.example.test",
      type: "AAAA",
      expected: {
        rcode: "NOERROR",
        flags: ["aa"],
        answer: [{ owner: "a.example.test.", ttlSeconds: 60, type: "A", data: "203.0.113.9" }],
        authority: [
          { owner: "example.test.", ttlSeconds: undefined, type: "SOA", data: undefined },
        ],
      },
    },
  ]);
});

test("a login can accept more, in one network, and have a default host", () => {
  const login = "given  login cam of alice for a.test and b.test";
  const rest = "accepting token and sha1 from 192.0.2.0/24 with default b.test";
  const givens = [login, `${login} ${rest}`].map(
    (line) => readScenario("x.txt", `${line}\n${step}`).given[0],
  );
  const hosts = ["a.test", "b.test"];
  expect(givens).toMatchObject([
    { hosts, accepts: [], from: undefined, defaultHost: undefined },
    { hosts, accepts: ["token", "sha1"], from: "192.0.2.0/24", defaultHost: "b.test" },
  ]);
});

test("raw octets are written with escapes", () => {
  const text = `raw    "GET /x\\xff HTTP/1.1\\r\\n\\n"\n       400\n`;
  const [raw] = readScenario("x.txt", text).steps;
  expect(raw).toMatchObject({ kind: "raw", octets: "GET /x\u00ff HTTP/1.1\r\n\n" });
});

const mistakes = [
  ["a keyword nobody knows", `ftp    x\n       200\n${step}`, "x.txt:1: not understood"],
  ["a given nobody knows", `given  three zones\n${step}`, "x.txt:1: not understood: three zones"],
  ["a step that expects nothing", `${step}dns    a.test A\n`, "x.txt:3: nothing is expected"],
  ["a scenario without steps", "given  zone a.test\n", "x.txt:1: nothing is asked"],
  ["an empty file", "", "x.txt:1: nothing is asked"],
  ["an expectation of nothing", `       200 good\n${step}`, "x.txt:1: not understood"],
  ["an option nobody knows", "http   GET /   fast\n       200\n", "x.txt:1: not understood: fast"],
  ["a reply without a status", "http   GET /\n       good\n", "x.txt:1: wanted a status"],
  ["a flag nobody knows", "dns    a.test A\n       NOERROR xx\n", "x.txt:1: wanted an rcode"],
  [
    "a record without an owner",
    "dns    a.test A\n       NOERROR   60 A\n",
    "x.txt:1: wanted owner",
  ],
  ["a third word in a question", "dns    a.test A IN\n       NOERROR\n", "x.txt:1: wanted a name"],
  ["an escape nobody knows", 'raw    "\\q"\n       400\n', "x.txt:1: no such escape"],
  ["a store in a state of its own", "store  half held\n", "x.txt:1: wanted held or free"],
  [
    "a store that leads to something",
    "store  held\n       good\n",
    "x.txt:1: a store line expects",
  ],
  ["an exit code that is none", "run    zone list\n       ends well\n", "x.txt:1: wanted exit"],
] as const;

for (const [what, text, message] of mistakes) {
  test(`${what} is told with its place`, () => {
    expect(() => readScenario("x.txt", text)).toThrow(message);
  });
}
