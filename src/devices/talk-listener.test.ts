import { expect, setDefaultTimeout, test } from "bun:test";
import { RawPeer, until } from "../../test/fixtures/devices/raw-peer.ts";
import { quietLog } from "../../test/quiet-log.ts";
import type { Said, Talk } from "../adapters/talk.ts";
import { systemClock } from "../base/clock.ts";
import { makeDeviceCounts } from "./counts.ts";
import { listenTalks } from "./talk-listener.ts";
import type { TalkLimits } from "./talk-listener.ts";

setDefaultTimeout(30_000);

/** Says back what it hears, a moment later where the line begins with `slow`, and ends at `bye`. */
async function echoing(limits: Partial<TalkLimits> = {}) {
  const counts = makeDeviceCounts();
  const ended: string[] = [];
  const hear = (line: string): Said | Promise<Said> => {
    if (line === "fail") throw new Error("a fault of ours");
    const said = { text: `<${line}>\n`, isLast: line === "bye" };
    return line.startsWith("slow") ? Bun.sleep(30).then(() => said) : said;
  };
  const begin = (): Talk => ({ greeting: "hello\n", hear, end: () => void ended.push("end") });
  const parts = { hostname: "127.0.0.1", port: 0, clock: systemClock, log: quietLog, counts };
  const listener = await listenTalks({ ...parts, begin, limits });
  return { ...listener, counts, ended };
}

test("lines are answered one after the other, however they come", async () => {
  await using service = await echoing();
  const peer = await RawPeer.connect(service.port);
  peer.send("slow 1\r\n2\nsl");
  await Bun.sleep(10);
  peer.send("ow 3\nbye\nnever heard\n");
  expect(await peer.ended()).toBe("fin");
  peer.close();
  expect(peer.text).toBe("hello\n<slow 1>\n<2>\n<slow 3>\n<bye>\n");
  await until(() => service.counts.open === 0, "the connection to be forgotten");
  expect(service.ended).toEqual(["end"]);
});

test("a client that sends its FIN behind its last line still gets its answer", async () => {
  await using service = await echoing();
  const peer = await RawPeer.connect(service.port);
  peer.send("slow without a line end");
  peer.finish();
  await peer.ended();
  expect(peer.text).toBe("hello\n<slow without a line end>\n");
});

const bounds = [
  ["a line that is too long", { lineOctets: 20 }, "x".repeat(30)],
  ["a whole line that is too long", { lineOctets: 20 }, `${"x".repeat(30)}\n`],
  ["too many lines", { lines: 3 }, "1\n2\n3\n4\n"],
  ["silence", { wholeMs: 200 }, ""],
  ["a fault of ours", {}, "fail\n"],
] as const;
for (const [title, limits, sent] of bounds) {
  test(`${title} ends the connection, and others go on`, async () => {
    await using service = await echoing(limits);
    const bad = await RawPeer.connect(service.port);
    if (sent !== "") bad.send(sent);
    await bad.gone();
    await until(() => service.counts.open === 0, "the connection to be forgotten");
    const good = await RawPeer.connect(service.port);
    good.send("bye\n");
    await good.ended();
    expect(good.text).toBe("hello\n<bye>\n");
    good.close();
  });
}

test("connections of one address are bounded", async () => {
  await using service = await echoing({ connectionsPerAddress: 2 });
  const [first] = [await RawPeer.connect(service.port), await RawPeer.connect(service.port)];
  const third = await RawPeer.connect(service.port);
  await third.gone();
  expect(third.text).toBe("");
  expect(service.counts.limits.get("connections-per-address")).toBe(1);
  first.send("bye\n");
  await first.ended();
  first.close();
  await until(() => service.counts.open === 1, "room for another");
  const fourth = await RawPeer.connect(service.port);
  await until(() => fourth.text === "hello\n", "the greeting");
});
