import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { hello, listening } from "../../test/fixtures/devices/listening.ts";
import { exchange, RawPeer, until } from "../../test/fixtures/devices/raw-peer.ts";
import { parseCidr } from "../base/address.ts";
import { printReply } from "./print-reply.ts";

setDefaultTimeout(30_000);

const update = "GET /nic/update?hostname=cam1.dyn.test HTTP/1.0\r\nHost: dyn.test\r\n\r\n";
const golden = printReply(hello, "GET");
/** Longer than any test: a deadline that must not be what ends it. */
const never = 3_600_000;

describe("one request, one reply", () => {
  test("the reply is one read, and the FIN follows it without waiting for the peer", async () => {
    await using service = await listening({ limits: { lingerMs: never } });
    const peer = await RawPeer.connect(service.port);
    peer.send(update);
    expect(await peer.ended()).toBe("fin");
    expect(peer.events).toEqual([golden]);
    peer.close();
    await until(() => service.counts.open === 0, "the connection to be forgotten");
    expect(service.counts.abandoned).toBe(0);
  });

  test("a request may come in two pieces, split anywhere", async () => {
    await using service = await listening();
    const replies = await Promise.all(
      Array.from(update.slice(1), async (_, index) => {
        const peer = await RawPeer.connect(service.port);
        peer.send(update.slice(0, index + 1));
        await Bun.sleep(20);
        peer.send(update.slice(index + 1));
        await peer.ended();
        peer.close();
        return peer.text;
      }),
    );
    expect(replies).toHaveLength(update.length - 1);
    expect(new Set(replies)).toEqual(new Set([golden]));
    expect(new Set(service.requests.map(({ target }) => target)).size).toBe(1);
  });

  test("a peer that sends its FIN behind the request gets its reply", async () => {
    await using service = await listening({ answer: () => Bun.sleep(50).then(() => hello) });
    const peer = await RawPeer.connect(service.port);
    peer.send(update);
    peer.finish();
    await peer.ended();
    expect(peer.text).toBe(golden);
    await until(() => service.counts.open === 0, "the connection to be closed");
  });

  test("half a request is not acted on, whoever ends it", async () => {
    await using service = await listening();
    for (const half of ["GET /nic/update?hostname=cam1.dyn.te", update.slice(0, -2)]) {
      const peer = await RawPeer.connect(service.port);
      peer.send(half);
      peer.finish();
      await peer.ended();
      expect(peer.text).toStartWith("HTTP/1.1 400 Bad Request\r\n");
    }
    expect(service.requests).toEqual([]);
    expect(service.counts.rejected.get(400)).toBe(2);
  });

  test("a second request on the connection is never read", async () => {
    await using service = await listening();
    expect(await exchange(service.port, update + update)).toBe(golden);
    const post = "POST /nic/update HTTP/1.1\r\nContent-Length: 3\r\n\r\na=b";
    expect(await exchange(service.port, post + update)).toBe(golden);

    const peer = await RawPeer.connect(service.port);
    peer.send(update);
    await peer.ended();
    peer.send(update);
    peer.close();
    await peer.gone();
    expect(peer.text).toBe(golden);
    expect(service.requests.map(({ method }) => method)).toEqual(["GET", "POST", "GET"]);
  });

  test("a HEAD gets the head alone", async () => {
    await using service = await listening();
    const text = await exchange(service.port, "HEAD /ip HTTP/1.1\r\n\r\n");
    expect(text).toBe(printReply(hello, "HEAD"));
  });

  test("what is not HTTP is refused at its first octet", async () => {
    await using service = await listening({ limits: { headMs: never } });
    const text = await exchange(service.port, "\x16\x03\x01\x02\x00");
    expect(text).toStartWith("HTTP/1.1 400 Bad Request\r\n");
    expect(text).toContain("\r\nContent-Length: 11\r\n");
  });
});

describe("HTTP/0.9", () => {
  test("is answered after a short silence", async () => {
    await using service = await listening({ limits: { headMs: never } });
    expect(await exchange(service.port, "GET /ip\r\n")).toBe(golden);
    expect(service.counts.http09).toBe(1);
    expect(service.requests[0]).toMatchObject({ version: "HTTP/0.9", target: "/ip" });
  });

  test("is answered at once when the peer has sent its FIN", async () => {
    await using service = await listening({ limits: { silenceMs: never } });
    const peer = await RawPeer.connect(service.port);
    peer.send("GET /ip\r\n");
    peer.finish();
    await peer.ended();
    expect(peer.text).toBe(golden);
  });

  test("is not what it was when headers follow", async () => {
    await using service = await listening({ limits: { silenceMs: never } });
    const peer = await RawPeer.connect(service.port);
    peer.send("GET /ip\r\n");
    await Bun.sleep(30);
    peer.send("Host: dyn.test\r\n\r\n");
    await peer.ended();
    expect(service.requests[0]!.headers.get("host")).toBe("dyn.test");
  });
});

describe("troubles of the service", () => {
  const failing = {
    "that throws": () => {
      throw new Error("the disk is on fire");
    },
    "that rejects": () => Promise.reject(new Error("the disk is on fire")),
    "that says what may not be sent": () => ({ ...hello, body: "Müller" }),
    "that says so later": async () => ({ ...hello, body: "Müller" }),
  };
  for (const [which, answer] of Object.entries(failing)) {
    test(`a service ${which} is a 503 that every client takes as passing`, async () => {
      await using service = await listening({ answer });
      const text = await exchange(service.port, update);
      expect(text).toBe(
        printReply({ status: 503, contentType: "text/plain", body: "dnserr" }, "GET"),
      );
      expect(service.counts.failures).toBe(1);
      expect(service.errors).toHaveLength(1);
    });
  }
});

describe("peers that go away", () => {
  test("resets at any moment leave nothing behind", async () => {
    await using service = await listening({ answer: () => Bun.sleep(30).then(() => hello) });
    for (const sent of ["", "GET /ni", "GET /ip\r\n", update]) {
      const peer = await RawPeer.connect(service.port);
      peer.send(sent);
      await Bun.sleep(10);
      peer.reset();
    }
    await until(() => service.counts.accepted === 4, "all connections");
    await until(() => service.counts.open === 0, "the connections to be forgotten");
    expect(service.counts.abandoned).toBeGreaterThan(0);
    expect(await exchange(service.port, update)).toBe(golden);
    expect(service.errors).toEqual([]);
  });
});

describe("the peer of a request", () => {
  const from = async (forwarded: string, trusted: string): Promise<string> => {
    await using service = await listening({ trustedProxies: [parseCidr(trusted)!] });
    await exchange(service.port, `GET /ip HTTP/1.1\r\n${forwarded}\r\n\r\n`);
    return service.requests[0]!.peer.text;
  };

  test("is the socket's, whatever a stranger says", async () => {
    const lies =
      "X-Forwarded-For: 8.8.8.8\r\nForwarded: for=8.8.8.8\r\nX-Real-IP: 8.8.8.8\r\nCF-Connecting-IP: 8.8.8.8";
    expect(await from(lies, "10.0.0.0/8")).toBe("127.0.0.1");
  });

  test("is whom a trusted proxy has seen", async () => {
    expect(await from("X-Forwarded-For: 1.1.1.1, 9.9.9.9", "127.0.0.0/8")).toBe("9.9.9.9");
    expect(await from("X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 9.9.9.9", "127.0.0.0/8")).toBe(
      "9.9.9.9",
    );
  });

  test("is IPv4 on a socket of both families", async () => {
    await using service = await listening({ hostname: "::" });
    await exchange(service.port, update, "127.0.0.1");
    await exchange(service.port, update, "::1");
    expect(service.requests.map(({ peer }) => peer.text)).toEqual(["127.0.0.1", "::1"]);
  });
});

describe("closing", () => {
  test("lets replies that are under way go out, and closes what is idle", async () => {
    const service = await listening({ answer: () => Bun.sleep(150).then(() => hello) });
    const busy = await RawPeer.connect(service.port);
    const idle = await RawPeer.connect(service.port);
    busy.send(update);
    await until(() => service.requests.length === 1 && service.counts.open === 2, "the request");
    await service[Symbol.asyncDispose]();
    await idle.ended();
    await busy.ended();
    expect(busy.text).toBe(golden);
    expect(service.counts.open).toBe(0);
    expect(RawPeer.connect(service.port)).rejects.toThrow();
  });

  test("a port that is taken is an error of the caller", async () => {
    await using service = await listening();
    expect(listening({ port: service.port })).rejects.toThrow();
  });
});
