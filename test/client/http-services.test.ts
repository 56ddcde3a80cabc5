/** Fakes of third-party services, in the words of their documentation and with the troubles of networks. */

import { expect, test } from "bun:test";
import type { HostAnswer } from "../../src/client/speak/service.ts";
import type { ServiceSettings } from "../../src/client/speak/service-row.ts";
import type { ServiceWord } from "../../src/client/speak/services.ts";
import { http, openFakeService } from "./fake-service.ts";
import type { FakeReply } from "./fake-service.ts";
import { makeUpdate, mustMakeService, never, secret, userAgent } from "./speaking.ts";

const host = "cam1.dyn.test";
const ip = "203.0.113.7";
const halfHourMs = 1_800_000;

function settingsOf(word: ServiceWord, origin: string): ServiceSettings {
  if (word === "nameward") return { server: origin, token: "nw-TOKEN" };
  if (word === "duckdns") return { server: origin, token: secret };
  if (word === "template") {
    const url = `${origin}/set?h={host}&a={ip4}&b={ip6}&u={user}&p={password}`;
    return { url, success: "UPDATED|OK", user: "alice", password: secret };
  }
  return { server: origin, user: "alice", password: secret };
}

const httpWords = ["dyndns2", "nameward", "duckdns", "template"] as const;

const heads = [
  ["dyndns2", "203.0.113.7", undefined, "/nic/update?hostname=cam1.dyn.test&myip=203.0.113.7"],
  ["dyndns2", undefined, "2001:db8::7", "/nic/update?hostname=cam1.dyn.test&myip=2001:db8::7"],
  [
    "dyndns2",
    "203.0.113.7",
    "2001:db8::7",
    "/nic/update?hostname=cam1.dyn.test&myip=203.0.113.7,2001:db8::7",
  ],
  [
    "duckdns",
    "203.0.113.7",
    "2001:db8::7",
    "/update?domains=cam1.dyn.test&token=p%40ss%20w0rd-TOKEN&ip=203.0.113.7&ipv6=2001:db8::7&verbose=true",
  ],
  [
    "duckdns",
    undefined,
    "2001:db8::7",
    "/update?domains=cam1.dyn.test&token=p%40ss%20w0rd-TOKEN&ipv6=2001:db8::7&verbose=true",
  ],
  [
    "template",
    "203.0.113.7",
    undefined,
    "/set?h=cam1.dyn.test&a=203.0.113.7&u=alice&p=p%40ss%20w0rd-TOKEN",
  ],
] as const;

for (const [word, v4, v6, target] of heads) {
  test(`${word} asks for ${target}`, async () => {
    using fake = openFakeService(() => http("200 OK", "good"));
    const origin = `http://127.0.0.1:${fake.port}`;
    const service = mustMakeService(word, settingsOf(word, origin));
    await service.send(makeUpdate([host], v4, v6), never);
    const [head = ""] = fake.requests;
    expect(head.split("\r\n")[0]).toBe(`GET ${target} HTTP/1.1`);
    expect(head).toContain(`\r\nUser-Agent: ${userAgent}\r\n`);
    const basic = `\r\nAuthorization: Basic ${btoa(`alice:${secret}`)}\r\n`;
    expect(head.includes(basic)).toBe(word === "dyndns2");
  });
}

test("dyndns2 names several hosts in one request and reads a line for each", async () => {
  using fake = openFakeService(() => http("200 OK", "good 203.0.113.7\nnohost\nnochg 203.0.113.7"));
  const service = mustMakeService("dyndns2", {
    ...settingsOf("dyndns2", `http://127.0.0.1:${fake.port}`),
    path: "/nic/update?system=dyndns",
  });
  const answers = await service.send(makeUpdate(["a.test", "b.test", "c.test"], ip), never);
  expect(fake.requests).toHaveLength(1);
  expect(fake.requests[0]).toStartWith(
    "GET /nic/update?system=dyndns&hostname=a.test,b.test,c.test&myip=203.0.113.7 HTTP",
  );
  expect(answers).toEqual([
    { kind: "accepted" },
    { kind: "refused", word: "nohost" },
    { kind: "unchanged" },
  ]);
});

test("duckdns knows its own hosts by their first label", async () => {
  using fake = openFakeService(() => http("200 OK", "OK"));
  const service = mustMakeService(
    "duckdns",
    settingsOf("duckdns", `http://127.0.0.1:${fake.port}`),
  );
  const answers = await service.send(makeUpdate(["a.duckdns.org", "b"], ip), never);
  expect(fake.requests[0]).toStartWith("GET /update?domains=a,b&token=");
  expect(answers).toEqual([{ kind: "accepted" }, { kind: "accepted" }]);
});

test("a template without places for the user sends Basic", async () => {
  using fake = openFakeService(() => http("200 OK", "OK"));
  const url = `http://127.0.0.1:${fake.port}/?a={ip4}`;
  const given = { url, success: "OK", user: "alice", password: secret };
  expect(await mustMakeService("template", given).send(makeUpdate([host], ip), never)).toEqual([
    { kind: "accepted" },
  ]);
  expect(fake.requests[0]).toContain(`\r\nAuthorization: Basic ${btoa(`alice:${secret}`)}\r\n`);
});

test("a template without a place for the address asks nobody", async () => {
  using fake = openFakeService(() => http("200 OK", "OK"));
  const url = `http://127.0.0.1:${fake.port}/?a={ip4}`;
  const service = mustMakeService("template", { url, success: "OK" });
  const update = makeUpdate([host], undefined, "2001:db8::7");
  expect(await service.send(update, never)).toMatchObject([{ kind: "failed" }]);
  expect(fake.requests).toEqual([]);
});

type Row = readonly [reply: FakeReply, answer: Partial<HostAnswer> & { readonly kind: string }];
const accepted = { kind: "accepted" } as const;
const unchanged = { kind: "unchanged" } as const;
const refused = (word: string) => ({ kind: "refused", word }) as const;
const failed = (waitMs?: number) => ({ kind: "failed", waitMs }) as const;

const portal = "<!DOCTYPE html><html><body>good OK UPDATED nochg 203.0.113.7</body></html>";
const deep = `${"x".repeat(900)}\n`.repeat(1_200); // over 1 MB

/** The same whatever the dialect. */
const common: readonly Row[] = [
  [http("200 OK", portal), failed()],
  [http("200 OK", ""), failed()],
  [http("200 OK", deep), failed()],
  [http("200 OK", `good OK UPDATED\n${deep}`), failed()],
  [http("204 No Content", ""), failed(halfHourMs)],
  [http("401 Unauthorized", "<html>", ['WWW-Authenticate: Basic realm="x"']), refused("badauth")],
  [http("403 Forbidden", portal), failed(halfHourMs)],
  [http("404 Not Found", "OK good"), failed(halfHourMs)],
  [http("407 Proxy Authentication Required", ""), failed(halfHourMs)],
  [http("429 Too Many Requests", "abuse"), failed(halfHourMs)],
  [http("429 Too Many Requests", "", ["Retry-After: 120"]), failed(halfHourMs)],
  [http("429 Too Many Requests", "", ["Retry-After: 7200"]), failed(7_200_000)],
  [http("500 Internal Server Error", "good OK"), failed()],
  [http("503 Service Unavailable", "", ["Retry-After: 90"]), failed(90_000)],
  [http("511 Network Authentication Required", portal), failed()],
  [http("302 Found", portal, ["Location: http://portal.test/login"]), failed()],
  [http("302 Found", portal), failed()],
  [http("302 Found", "", ["Location: ftp://127.0.0.1/"]), failed()],
  [http("302 Found", "", ["Location: /again"]), failed()], // without end
  [{ kind: "octets", text: "" }, failed()],
  [{ kind: "octets", text: "good 203.0.113.7\nOK UPDATED\n" }, failed()], // no HTTP
  [{ kind: "octets", text: "SSH-2.0-OpenSSH_9.2\r\n" }, failed()],
  [{ kind: "octets", text: "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ngood" }, failed()], // cut
  [{ kind: "octets", text: "\u0000\u0001\u0002\u0003\r\n\r\n" }, failed()],
];

const own: readonly (readonly [ServiceWord, ...Row])[] = [
  ["dyndns2", http("200 OK", "good 203.0.113.7\r\n"), accepted],
  ["dyndns2", http("200 OK", "nochg 203.0.113.7"), unchanged],
  ["dyndns2", http("200 OK", "good 127.0.0.1"), refused("good 127.0.0.1")],
  ["dyndns2", http("200 OK", "badauth"), refused("badauth")], // Hurricane Electric
  ["dyndns2", http("401 Unauthorized", "badauth"), refused("badauth")],
  ["dyndns2", http("403 Forbidden", "abuse"), refused("abuse")], // nsupdate.info
  ["dyndns2", http("404 Not Found", "nohost"), refused("nohost")], // deSEC
  ["dyndns2", http("200 OK", "911"), failed(halfHourMs)],
  ["dyndns2", http("503 Service Unavailable", "dnserr"), failed(halfHourMs)], // Nameward
  ["dyndns2", http("503 Service Unavailable", "911", ["Retry-After: 60"]), failed(halfHourMs)],
  ["dyndns2", http("200 OK", "w10m"), failed(600_000)],
  [
    "dyndns2", // Dyn, at times
    {
      kind: "octets",
      text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\ngood 203.0.113.7\r\n0\r\n\r\n",
    },
    accepted,
  ],
  [
    "dyndns2", // a body that ends with the connection
    { kind: "octets", text: "HTTP/1.0 200 OK\r\n\r\ngood 203.0.113.7" },
    accepted,
  ],
  ["nameward", http("200 OK", '{"name":"cam1.dyn.test","zone":"dyn.test"}'), accepted],
  ["nameward", http("200 OK", "<html>Please sign in</html>"), failed()],
  ["nameward", http("200 OK", "null"), failed()],
  ["nameward", http("401 Unauthorized", '{"code":"wrong-token"}'), refused("wrong-token")],
  ["nameward", http("401 Unauthorized", ""), refused("badauth")],
  ["nameward", http("403 Forbidden", '{"code":"not-allowed"}'), refused("not-allowed")],
  ["nameward", http("404 Not Found", '{"code":"not-found"}'), refused("not-found")],
  ["nameward", http("404 Not Found", "<h1>not here</h1>"), failed(halfHourMs)],
  ["nameward", http("422 Unprocessable Content", '{"code":"invalid"}'), refused("invalid")],
  [
    "nameward",
    http("429 Too Many Requests", '{"code":"too-many"}', ["Retry-After: 3600"]),
    failed(3_600_000),
  ],
  [
    "nameward",
    http("503 Service Unavailable", '{"code":"store"}', ["Retry-After: 60"]),
    failed(60_000),
  ],
  ["duckdns", http("200 OK", "OK"), accepted],
  ["duckdns", http("200 OK", "OK\n203.0.113.7\n\nUPDATED"), accepted],
  ["duckdns", http("200 OK", "OK\n203.0.113.7\n\nNOCHANGE"), unchanged],
  ["duckdns", http("200 OK", "KO"), refused("KO")],
  ["duckdns", http("200 OK", "OKAY"), failed()],
  ["duckdns", http("200 OK", "TOKEN"), failed()],
  ["template", http("200 OK", "UPDATED"), accepted],
  ["template", http("200 OK", "status: OK."), accepted],
  ["template", http("200 OK", "badauth TOKEN"), failed()],
  ["template", http("200 OK", "NOT_UPDATED"), failed()],
  ["template", http("200 OK", "<r><e>OK</e></r>"), accepted],
];

const rows = [...httpWords.flatMap((word) => common.map((row) => [word, ...row] as const)), ...own];

/** What stands for a reply in the name of a test. */
function title(reply: FakeReply): string {
  return JSON.stringify(
    "text" in reply ? reply.text.replace(/Content-[^\n]*\n/g, "") : reply,
  ).slice(0, 90);
}

for (const [word, reply, answer] of rows) {
  test(`${word}: ${title(reply)} is ${JSON.stringify(answer)}`, async () => {
    using fake = openFakeService(() => reply);
    const service = mustMakeService(word, settingsOf(word, `http://127.0.0.1:${fake.port}`));
    const answers = await service.send(makeUpdate([host], ip), never);
    expect(answers).toMatchObject([answer]);
    const said = JSON.stringify([answers, service]);
    for (const text of [secret, encodeURIComponent(secret), btoa(`alice:${secret}`)]) {
      expect(said).not.toContain(text);
    }
  });
}

for (const word of httpWords) {
  test(`${word}: a reply without end is cut, and the service is left`, async () => {
    const head = "HTTP/1.1 200 OK\r\n\r\ngood OK UPDATED\n";
    using fake = openFakeService(() => ({ kind: "endless", head, piece: "x".repeat(65_536) }));
    const service = mustMakeService(word, settingsOf(word, `http://127.0.0.1:${fake.port}`));
    expect(await service.send(makeUpdate([host], ip), never)).toMatchObject([
      { kind: "failed", why: expect.stringContaining("more than a reply") },
    ]);
    expect(fake.sentOctets()).toBeGreaterThan(16_384);
  });

  test(`${word}: headers without end are cut`, async () => {
    const head = "HTTP/1.1 200 OK\r\n";
    using fake = openFakeService(() => ({
      kind: "endless",
      head,
      piece: `X: ${"y".repeat(4_096)}\r\n`,
    }));
    const service = mustMakeService(word, settingsOf(word, `http://127.0.0.1:${fake.port}`));
    expect(await service.send(makeUpdate([host], ip), never)).toMatchObject([{ kind: "failed" }]);
  });

  test(`${word}: a service that says nothing has failed when its time is over`, async () => {
    using fake = openFakeService(() => ({ kind: "silent" }));
    const origin = `http://127.0.0.1:${fake.port}`;
    const service = mustMakeService(word, settingsOf(word, origin), { askMs: 200 });
    const why = `127.0.0.1:${fake.port} did not answer within 0.2 s`;
    expect(await service.send(makeUpdate([host], ip), never)).toMatchObject([
      { kind: "failed", why },
    ]);
  });

  test(`${word}: a request that is called off has failed at once`, async () => {
    const off = new AbortController();
    using fake = openFakeService(() => {
      off.abort();
      return { kind: "silent" };
    });
    const service = mustMakeService(word, settingsOf(word, `http://127.0.0.1:${fake.port}`));
    const why = "The request was called off";
    expect(await service.send(makeUpdate([host], ip), off.signal)).toMatchObject([{ why }]);
  });

  test(`${word}: where nobody listens, and where no name is, it has failed`, async () => {
    const port = ((): number => {
      using fake = openFakeService(() => ({ kind: "silent" }));
      return fake.port;
    })();
    for (const origin of [`http://127.0.0.1:${port}`, "http://nowhere.invalid"]) {
      const service = mustMakeService(word, settingsOf(word, origin));
      const answers = await service.send(makeUpdate([host], ip), never);
      expect(answers).toMatchObject([{ kind: "failed" }]);
      expect(JSON.stringify(answers)).not.toContain("TOKEN");
    }
  });
}

test("a redirect within the host is followed, with the password", async () => {
  using fake = openFakeService((request) =>
    request.startsWith("GET /v3/update ")
      ? http("200 OK", "good 203.0.113.7")
      : http("301 Moved Permanently", "", ["Location: /v3/update"]),
  );
  const service = mustMakeService(
    "dyndns2",
    settingsOf("dyndns2", `http://127.0.0.1:${fake.port}`),
  );
  expect(await service.send(makeUpdate([host], ip), never)).toEqual([{ kind: "accepted" }]);
  expect(fake.requests.map((head) => head.includes("Authorization: Basic"))).toEqual([true, true]);
});

test("a redirect to another host, or to another port, gets nothing to see", async () => {
  const good = (): FakeReply => http("200 OK", "good 203.0.113.7");
  let place = "";
  using fake = openFakeService(() => http("307 Temporary Redirect", "", [`Location: ${place}`]));
  using otherHost = openFakeService(good, { hostname: "127.0.0.2", port: fake.port });
  using otherPort = openFakeService(good);
  const origin = `http://127.0.0.1:${fake.port}`;
  const service = mustMakeService("dyndns2", settingsOf("dyndns2", origin));
  for (place of [`http://127.0.0.2:${fake.port}/x`, `http://127.0.0.1:${otherPort.port}/x`]) {
    expect(await service.send(makeUpdate([host], ip), never)).toMatchObject([{ kind: "failed" }]);
  }
  expect(fake.requests).toHaveLength(2);
  expect([...otherHost.requests, ...otherPort.requests]).toEqual([]);
});

test("a service is reached by its IPv6 address, too", async () => {
  using fake = openFakeService(() => http("200 OK", "good 203.0.113.7"), { hostname: "::1" });
  const service = mustMakeService("dyndns2", settingsOf("dyndns2", `http://[::1]:${fake.port}`));
  expect(await service.send(makeUpdate([host], ip), never)).toEqual([{ kind: "accepted" }]);
});
