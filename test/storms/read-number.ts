/** One number out of a server's metrics. */

import type { TestServer } from "../server.ts";

/** `sample` with its labels, as it is printed. */
export async function readNumber(server: TestServer, sample: string): Promise<number> {
  const { hostname, port } = server.web;
  const text = await (await fetch(`http://${hostname}:${port}/metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(`${sample} `));
  if (line === undefined) throw new Error(`There is no ${sample} among the metrics`);
  return Number(line.slice(sample.length + 1));
}
