/**
 * Asks one source, or tells of changes, in the network that it is started in; JSON on standard output.
 * `detect.ts 4 public "interface eth0"` or `detect.ts watch`.
 */

import { watchAddresses } from "../../src/client/detect/address-events.ts";
import { parseSource } from "../../src/client/detect/sources.ts";

const [what = "", reachText = "", text = ""] = process.argv.slice(2);

if (what === "watch") {
  const watching = watchAddresses(() => process.stdout.write("changed\n"));
  process.stdout.write("watching\n");
  // Until standard input ends.
  for await (const _ of process.stdin);
  watching[Symbol.dispose]();
} else {
  const parsed = parseSource(text, { mayBePrivate: reachText === "private" });
  if (parsed.kind === "mistake") throw new Error(parsed.what);
  const family = what === "4" ? 4 : 6;
  const said = await parsed.source.detect(family, new AbortController().signal);
  const address = said.kind === "address" ? said.address.text : said.why;
  process.stdout.write(`${said.kind}: ${address}\n`);
}
