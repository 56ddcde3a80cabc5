/** Each limit is filled, holds, is counted under its name, and leaves others alone. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { hello, listening } from "../../test/fixtures/devices/listening.ts";
import type { Listening } from "../../test/fixtures/devices/listening.ts";
import { exchange, RawPeer, until } from "../../test/fixtures/devices/raw-peer.ts";
import { parseAddress } from "../base/address.ts";
import { Admission, printNetwork } from "../base/admission.ts";
import { deviceLimitNames } from "./counts.ts";
import type { DeviceLimitName } from "./counts.ts";
import { deviceLimits } from "./limits.ts";
import { printReply } from "./print-reply.ts";
import { bodyOctetsMax, headersMax, headOctetsMax } from "./read-request.ts";

setDefaultTimeout(30_000);

const get = "GET /ip HTTP/1.0\r\n\r\n";
const golden = printReply(hello, "GET");
const never = 3_600_000;

/** The names that were reached, each once. */
function reached(service: Listening): readonly DeviceLimitName[] {
  return deviceLimitNames.filter((name) => service.counts.limits.get(name)! > 0);
}

describe("deadlines", () => {
  test("a head that stands still is answered 408", async () => {
    await using service = await listening({ limits: { headMs: 100 } });
    expect(await exchange(service.port, "GET /ip HTTP/1.0\r\n")).toStartWith("HTTP/1.1 408 ");
    expect(reached(service)).toEqual(["head-deadline"]);
  });

  test("a head that drips is answered 408 all the same", async () => {
    await using service = await listening({ limits: { headMs: 200 } });
    const peer = await RawPeer.connect(service.port);
    peer.send("GET /ip HTTP/1.0\r\nX: ");
    const drip = setInterval(() => peer.send("a"), 10);
    await peer.ended();
    clearInterval(drip);
    peer.close();
    expect(peer.text).toStartWith("HTTP/1.1 408 ");
    expect(service.requests).toEqual([]);
  });

  test("a connection that says nothing is closed without a word", async () => {
    await using service = await listening({ limits: { headMs: 100 } });
    const peer = await RawPeer.connect(service.port);
    await peer.ended();
    expect(peer.text).toBe("");
    expect(reached(service)).toEqual(["head-deadline"]);
  });

  test("a line without version that then drips headers does not escape the deadline", async () => {
    await using service = await listening({ limits: { headMs: 200, silenceMs: never } });
    const peer = await RawPeer.connect(service.port);
    peer.send("GET /ip\r\n");
    await Bun.sleep(20);
    peer.send("X");
    await peer.ended();
    peer.close();
    expect(peer.text).toStartWith("HTTP/1.1 408 ");
  });

  test("a body that does not come is answered 408", async () => {
    await using service = await listening({ limits: { headMs: never, bodyMs: 100 } });
    const text = await exchange(service.port, "POST /x HTTP/1.1\r\nContent-Length: 5\r\n\r\nab");
    expect(text).toStartWith("HTTP/1.1 408 ");
    expect(reached(service)).toEqual(["body-deadline"]);
  });

  test("a service that does not answer is a 503, and its late answer is dropped", async () => {
    const late = Promise.withResolvers<typeof hello>();
    await using service = await listening({
      limits: { answerMs: 100 },
      answer: () => late.promise,
    });
    expect(await exchange(service.port, get)).toStartWith("HTTP/1.1 503 ");
    late.resolve(hello);
    await Bun.sleep(10);
    expect(reached(service)).toEqual(["answer-deadline"]);
    expect(service.counts.replies).toEqual(new Map([[503, 1]]));
  });

  test("a peer that does not close is closed", async () => {
    await using service = await listening({ limits: { lingerMs: 100 } });
    const peer = await RawPeer.connect(service.port);
    peer.send(get);
    await peer.ended();
    await until(() => service.counts.open === 0, "the listener to close the connection");
    expect(peer.text).toBe(golden);
    expect(reached(service)).toEqual(["linger-deadline"]);
  });

  const long = { ...hello, body: "x".repeat(32_000_000) };

  test("a long reply waits for a slow reader and comes whole", async () => {
    await using service = await listening({ limits: { writeMs: never }, answer: () => long });
    const peer = await RawPeer.connect(service.port);
    peer.pause();
    peer.send(get);
    await until(() => service.counts.replies.get(200) === 1, "the reply");
    await Bun.sleep(50);
    peer.resume();
    await peer.ended();
    peer.close();
    expect(peer.text).toHaveLength(printReply(long, "HEAD").length + long.body.length);
    expect(peer.text).toEndWith("xxx");
    expect(reached(service)).toEqual([]);
  });

  test("a reader that never reads is cut off", async () => {
    await using service = await listening({ limits: { writeMs: 100 }, answer: () => long });
    const peer = await RawPeer.connect(service.port);
    peer.pause();
    peer.send(get);
    await until(() => service.counts.requests === 1, "the request");
    await until(() => service.counts.open === 0, "the listener to give up");
    expect(reached(service)).toEqual(["write-deadline"]);
    peer.reset();
  });
});

describe("sizes", () => {
  const cases: readonly (readonly [DeviceLimitName, string, string])[] = [
    ["head-octets", `GET /${"a".repeat(headOctetsMax)}`, "431"],
    ["headers", `GET /ip HTTP/1.1\r\n${"X: 1\r\n".repeat(headersMax + 1)}\r\n`, "431"],
    ["body-octets", `POST /x HTTP/1.1\r\nContent-Length: ${bodyOctetsMax + 1}\r\n\r\n`, "413"],
  ];
  for (const [name, octets, status] of cases) {
    test(`${name}: above it is ${status}`, async () => {
      await using service = await listening();
      expect(await exchange(service.port, octets)).toStartWith(`HTTP/1.1 ${status} `);
      expect(reached(service)).toEqual([name]);
      expect(service.requests).toEqual([]);
    });
  }

  test("a refused body that is sent all the same does not cost the peer its reply", async () => {
    await using service = await listening({ limits: { lingerMs: never } });
    const peer = await RawPeer.connect(service.port);
    peer.send("POST /x HTTP/1.1\r\nContent-Length: 200000\r\n\r\n");
    peer.send("x".repeat(50_000));
    await Bun.sleep(30);
    peer.send("x".repeat(50_000));
    expect(await peer.ended()).toBe("fin");
    expect(peer.text).toStartWith("HTTP/1.1 413 ");
    expect(peer.text).toEndWith("bad request");
    peer.close();
  });

  test("who goes on sending without end is cut off", async () => {
    await using service = await listening({ limits: { lingerMs: never, lingerOctets: 100_000 } });
    const peer = await RawPeer.connect(service.port);
    peer.send(get);
    await peer.ended();
    const pour = setInterval(() => peer.send("x".repeat(20_000)), 5);
    await until(() => service.counts.open === 0, "the listener to give up");
    clearInterval(pour);
    expect(reached(service)).toEqual(["linger-octets"]);
    peer.reset();
  });
});

describe("connections", () => {
  test("above the cap a connection is closed at once, and below it again served", async () => {
    await using service = await listening({ limits: { connections: 3 } });
    const held = await Promise.all([1, 2, 3].map(() => RawPeer.connect(service.port)));
    await until(() => service.counts.open === 3, "three connections");
    for (let attempt = 0; attempt < 5; attempt++) {
      const refused = await RawPeer.connect(service.port);
      await refused.gone();
      expect(refused.text).toBe("");
    }
    expect(service.counts.open).toBe(3);
    expect(service.counts.limits.get("connections")).toBe(5);

    held[0]!.send(get);
    await held[0]!.ended();
    expect(held[0]!.text).toBe(golden);
    held[0]!.close();
    await until(() => service.counts.open === 2, "room");
    expect(await exchange(service.port, get)).toBe(golden);
    for (const peer of held) peer.reset();
  });

  test("one address cannot take the place of another", async () => {
    await using service = await listening({ hostname: "::", limits: { connectionsPerAddress: 2 } });
    const held = await Promise.all([1, 2].map(() => RawPeer.connect(service.port, "127.0.0.1")));
    await until(() => service.counts.open === 2, "two connections");
    const refused = await RawPeer.connect(service.port, "127.0.0.1");
    await refused.gone();
    expect(reached(service)).toEqual(["connections-per-address"]);
    expect(await exchange(service.port, get, "::1")).toBe(golden);
    for (const peer of held) peer.reset();
    await until(() => service.counts.open === 0, "room");
    expect(await exchange(service.port, get, "127.0.0.1")).toBe(golden);
  });

  test("a customer is one IPv4 address or one IPv6 /64", () => {
    const network = (text: string): string => printNetwork(parseAddress(text)!);
    expect(network("2001:db8::1")).toBe(network("2001:db8::ffff:1:2:3"));
    expect(network("2001:db8::1")).not.toBe(network("2001:db8:0:1::1"));
    expect(network("192.0.2.1")).not.toBe(network("192.0.2.2"));
    expect(network("::ffff:192.0.2.1")).toBe(network("192.0.2.1"));
  });

  test("what has left is not counted any more", () => {
    const admission = new Admission({ ...deviceLimits, connections: 2, connectionsPerAddress: 1 });
    for (let round = 0; round < 1_000; round++) {
      expect(admission.enter("a")).toBe("admitted");
      expect(admission.enter("a")).toBe("connections-per-address");
      expect(admission.enter("b")).toBe("admitted");
      expect(admission.enter("c")).toBe("connections");
      admission.leave("a");
      admission.leave("b");
      expect(admission.networks).toBe(0);
    }
  });
});
