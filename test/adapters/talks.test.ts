/** Dialects that are no HTTP, against a real server: GnuDIP and ODS over TCP, Meibu over UDP. */

import { createHash } from "node:crypto";
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { RawPeer, until } from "../fixtures/devices/raw-peer.ts";
import { ask } from "../scenario/dns-exchange.ts";
import type { TestServer } from "../server.ts";
import { makeWorld, resetAddresses } from "./world.ts";
import type { World } from "./world.ts";

setDefaultTimeout(60_000);

let world: World;
let server: TestServer;

beforeAll(async () => {
  world = await makeWorld();
  const listeners = ["gnudip", "ods", "meibu"].map((name) => `--${name}=127.0.0.1:0`);
  server = await world.start(listeners);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});
beforeEach(() => resetAddresses(server));

function portOf(name: string): number {
  return server.listeners.get(name)!.port;
}

async function addressesOf(host: string): Promise<string> {
  const message = await ask(server.dns, "udp", `${host}.example.test`, "A");
  return message.answers.map(({ rdata }) => rdata.join(".")).join();
}

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

describe("GnuDIP", () => {
  /** What a client does: reads the salt, answers, reads the digit. */
  async function talk(answer: (salt: string) => string): Promise<string> {
    const peer = await RawPeer.connect(portOf("gnudip"));
    await until(() => peer.text.endsWith("\n"), "the salt");
    const salt = peer.text.slice(0, -1);
    expect(salt).toMatch(/^[A-Za-z0-9]{10}$/);
    peer.send(answer(salt));
    await peer.ended();
    peer.close();
    return peer.text.slice(salt.length + 1);
  }
  const digest = (salt: string, password = "secret"): string => md5(`${md5(password)}.${salt}`);
  const cases: readonly (readonly [string, (salt: string) => string, string, string])[] = [
    [
      "a login that is called as its host",
      (s) => `cam1:${digest(s, "labelpass")}:example.test:0:192.0.2.7\n`,
      "0\n",
      "192.0.2.7",
    ],
    ["an address", (s) => `cam:${digest(s)}:cam1.example.test:0:192.0.2.7\n`, "0\n", "192.0.2.7"],
    [
      "no address, as ez-ipupdate",
      (s) => `cam:${digest(s)}:cam1.example.test:0\n`,
      "0\n",
      "127.0.0.1",
    ],
    ["0.0.0.0", (s) => `cam:${digest(s)}:cam1.example.test:0:0.0.0.0\n`, "0\n", "127.0.0.1"],
    ["the peer's", (s) => `cam:${digest(s)}:cam1.example.test:2\n`, "0:127.0.0.1\n", "127.0.0.1"],
    [
      "the address it has",
      (s) => `cam:${digest(s)}:cam1.example.test:0:192.0.2.1\n`,
      "0\n",
      "192.0.2.1",
    ],
    ["offline", (s) => `cam:${digest(s)}:cam1.example.test:1\n`, "2\n", ""],
    [
      "upper case, CRLF",
      (s) => `cam:${digest(s).toUpperCase()}:cam1.example.test:0:192.0.2.7\r\n`,
      "0\n",
      "192.0.2.7",
    ],
    [
      "a wrong password",
      (s) => `cam:${digest(s, "wrong")}:cam1.example.test:0:192.0.2.7\n`,
      "1\n",
      "192.0.2.1",
    ],
    [
      "the digest of another salt",
      () => `cam:${digest("AAAAAAAAAA")}:cam1.example.test:0:192.0.2.7\n`,
      "1\n",
      "192.0.2.1",
    ],
    [
      "a login not marked for it",
      (s) => `one:${digest(s, "only1")}:nas.example.test:0:192.0.2.7\n`,
      "1\n",
      "192.0.2.1",
    ],
    ["nobody", (s) => `nobody:${digest(s)}:cam1.example.test:0:192.0.2.7\n`, "1\n", "192.0.2.1"],
    [
      "another's host",
      (s) => `cam:${digest(s)}:foreign.example.test:0:192.0.2.7\n`,
      "1\n",
      "192.0.2.1",
    ],
    ["a held host", (s) => `cam:${digest(s)}:held.example.test:0:192.0.2.7\n`, "1\n", "192.0.2.1"],
    ["no address at all", (s) => `cam:${digest(s)}:cam1.example.test:0:x\n`, "1\n", "192.0.2.1"],
    [
      "an unknown request",
      (s) => `cam:${digest(s)}:cam1.example.test:7:192.0.2.7\n`,
      "1\n",
      "192.0.2.1",
    ],
    ["nonsense", () => "GET / HTTP/1.0\n", "1\n", "192.0.2.1"],
  ];
  for (const [title, answer, digit, address] of cases) {
    test(title, async () => {
      expect(await talk(answer)).toBe(digit);
      expect(await addressesOf("cam1")).toBe(address);
    });
  }
});

describe("ODS", () => {
  /** Sends all lines ahead, which shows that they are answered one by one, and gives the codes. */
  async function talk(...lines: readonly string[]): Promise<string> {
    const peer = await RawPeer.connect(portOf("ods"));
    peer.send(lines.map((line) => `${line}\r\n`).join(""));
    await peer.ended();
    peer.close();
    return [...peer.text.matchAll(/^(\d{3}) .*\r\n/gm)].map(([, code]) => code).join(" ");
  }
  const host = "cam1.example.test";
  const cases: readonly (readonly [string, readonly string[], string, string])[] = [
    [
      "a new address, as clients do it",
      [`DELRR ${host} A`, `ADDRR ${host} A 192.0.2.7`],
      "901 795",
      "192.0.2.7",
    ],
    ["the connection's", [`DELRR ${host} A`, `ADDRR ${host} A CONNIP`], "901 795", "127.0.0.1"],
    ["taken away and nothing in its place", [`DELRR ${host} A`], "901", ""],
    ["another's host", ["ADDRR foreign.example.test A 192.0.2.7"], "550", "192.0.2.1"],
    ["a held host", ["ADDRR held.example.test A 192.0.2.7"], "553", "192.0.2.1"],
    ["no address", [`ADDRR ${host} A x`], "501", "192.0.2.1"],
    ["another type", [`ADDRR ${host} MX mail`], "501", "192.0.2.1"],
    ["an unknown command", ["FLY"], "500", "192.0.2.1"],
  ];
  for (const [title, lines, codes, address] of cases) {
    test(title, async () => {
      const said = await talk("LOGIN cam secret", ...lines, "QUIT");
      expect(said).toBe(`100 225 ${codes} 299`);
      expect(await addressesOf("cam1")).toBe(address);
    });
  }

  test("a wrong password ends it", async () => {
    expect(await talk("LOGIN cam wrong", "QUIT")).toBe("100 530");
  });

  test("nothing without a login", async () => {
    expect(await talk(`DELRR ${host} A`, `ADDRR ${host} A 192.0.2.7`, "QUIT")).toBe(
      "100 530 530 299",
    );
    expect(await addressesOf("cam1")).toBe("192.0.2.1");
  });

  test("a client that hangs up in between has taken its address away", async () => {
    const peer = await RawPeer.connect(portOf("ods"));
    peer.send(`LOGIN cam secret\r\nDELRR ${host} A\r\n`);
    await until(() => peer.text.includes("901"), "the deletion");
    expect(await addressesOf("cam1")).toBe("192.0.2.1");
    peer.close();
    for (let i = 0; i < 100 && (await addressesOf("cam1")) !== ""; i++) await Bun.sleep(20);
    expect(await addressesOf("cam1")).toBe("");
  });
});

describe("Meibu", () => {
  async function send(text: string, waitMs = 3_000): Promise<string> {
    const answered = Promise.withResolvers<string>();
    await using socket = {
      udp: await Bun.udpSocket({
        connect: { hostname: "127.0.0.1", port: portOf("meibu") },
        socket: { data: (_, octets) => answered.resolve(octets.toString("latin1")) },
      }),
      async [Symbol.asyncDispose]() {
        this.udp.close();
      },
    };
    socket.udp.send(text);
    const deadline = setTimeout(() => answered.resolve("-"), waitMs);
    const text_ = await answered.promise;
    clearTimeout(deadline);
    return text_;
  }

  test("the one host of the login gets the datagram's address", async () => {
    expect(await send("meibudd08one&&&only1&&&")).toBe("dengluok");
    expect(await addressesOf("nas")).toBe("127.0.0.1");
  });

  test("a wrong password, and a login with several hosts", async () => {
    expect(await send("meibudd08one&&&wrong&&&")).toBe("nzhuceyonghu");
    expect(await send("meibudd08cam&&&secret&&&")).toBe("nzhuceyonghu");
  });

  test("what is not of the protocol gets no answer, and an answer is never longer than its question", async () => {
    expect(await send("hello", 300)).toBe("-");
    expect(await send("meibudd08a&&&&&&".slice(0, 10), 300)).toBe("-");
    expect(await send(`meibudd08one&&&${"x".repeat(600)}&&&`, 300)).toBe("-");
  });
});
