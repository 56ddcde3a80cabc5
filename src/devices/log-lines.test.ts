/** What a device sends does not get into the log: neither its octets nor its secrets. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { listening } from "../../test/fixtures/devices/listening.ts";
import { makeNotingService } from "../../test/fixtures/devices/noting-service.ts";
import { exchange } from "../../test/fixtures/devices/raw-peer.ts";
import { makeAdapter } from "../adapters/answer.ts";
import type { Adapter } from "../adapters/answer.ts";
import type { Log } from "../observe/log.ts";

setDefaultTimeout(30_000);

const mark = "QZQ";
const basic = `Authorization: Basic ${btoa(`${mark}:${mark}`)}`;

const requests = [
  `GET /nic/update?hostname=${mark}%0d%0a${mark}&password=${mark} HTTP/1.1\r\n${basic}\r\n\r\n`,
  `GET /${mark}?${mark}=${mark}\x1b[2J HTTP/1.1\r\n\r\n`, // refused: a control character
  `GET /${mark}?${mark}=${mark}\x9b\xff HTTP/1.1\r\nUser-Agent: ${mark}\r\n\r\n`,
  `${mark} /${mark} HTTP/1.1\r\n${mark}: ${mark}\r\nTransfer-Encoding: ${mark}\r\n\r\n`,
  `POST /${mark} HTTP/1.1\r\nContent-Length: ${mark}\r\n\r\n${mark}`,
  `GET /x HTTP/1.1\r\n${mark} : ${mark}\r\n\r\n`,
];

/** Everything that is logged while these requests are answered. */
async function collect(wrap: (adapter: Adapter, log: Log) => Adapter): Promise<string> {
  const lines: string[] = [];
  const keep = (fields: object, sentence: string): void =>
    void lines.push(JSON.stringify([fields, sentence]));
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep };
  const answer = wrap(makeAdapter(makeNotingService()), log);
  await using service = await listening({ answer, log });
  for (const octets of requests) {
    expect(await exchange(service.port, octets)).toStartWith("HTTP/1.1 4");
  }
  expect(lines.length).toBeGreaterThanOrEqual(3); // those that were refused
  return lines.join("\n");
}

test("no request of a device is in a log line", async () => {
  expect(await collect((adapter) => adapter)).not.toContain(mark);
});

test("an adapter that logs its targets would be found", async () => {
  const logs = (adapter: Adapter, log: Log): Adapter => {
    return (request) => {
      log.debug({ target: request.target }, "A device asks");
      return adapter(request);
    };
  };
  expect(await collect(logs)).toContain(mark);
});
