import { describe, expect, test } from "bun:test";
import { parseAddress, parseCidr } from "../base/address.ts";
import { decidePeer, parseSocketAddress } from "./peer.ts";

const trusted = ["10.0.0.0/8", "2001:db8:ffff::/48"].map((text) => parseCidr(text)!);

describe("the peer of a request", () => {
  const cases: readonly (readonly [string, string, string | undefined, string])[] = [
    ["no header", "10.0.0.1", undefined, "10.0.0.1"],
    ["a stranger's header", "192.0.2.1", "8.8.8.8", "192.0.2.1"],
    ["a stranger's hundred hops", "192.0.2.1", "8.8.8.8,".repeat(99) + "8.8.8.8", "192.0.2.1"],
    ["one hop", "10.0.0.1", "9.9.9.9", "9.9.9.9"],
    ["what stands left of it is hearsay", "10.0.0.1", "1.1.1.1, 9.9.9.9", "9.9.9.9"],
    ["hops of ours are skipped", "10.0.0.1", "1.1.1.1, 9.9.9.9, 10.2.3.4", "9.9.9.9"],
    ["only hops of ours", "10.0.0.1", "10.9.9.9, 10.2.3.4", "10.9.9.9"],
    ["a hundred hops of ours", "10.0.0.1", "9.9.9.9" + ",10.0.0.2".repeat(99), "9.9.9.9"],
    ["IPv6", "2001:db8:ffff::1", "2001:DB8:0::5", "2001:db8::5"],
    ["a mapped address", "10.0.0.1", "::ffff:9.9.9.9", "9.9.9.9"],
    ["a word", "10.0.0.1", "unknown", "10.0.0.1"],
    ["a word behind an address", "10.0.0.1", "9.9.9.9, unknown", "10.0.0.1"],
    ["a word in front of a hop of ours", "10.0.0.1", "unknown, 10.2.3.4", "10.0.0.1"],
    ["a port", "10.0.0.1", "9.9.9.9:1234", "10.0.0.1"],
    ["an octal address", "10.0.0.1", "9.9.9.011", "10.0.0.1"],
    ["a list that ends with a comma", "10.0.0.1", "9.9.9.9,", "10.0.0.1"],
    ["an empty header", "10.0.0.1", "", "10.0.0.1"],
  ];
  for (const [title, socket, header, peer] of cases) {
    test(title, () => {
      expect(decidePeer(parseAddress(socket)!, header, trusted).text).toBe(peer);
    });
  }

  test("a mapped network cannot be trusted by mistake", () => {
    expect(parseCidr("::ffff:10.0.0.0/8")).toBeUndefined();
  });

  test("sockets name their link, which is not part of the address", () => {
    expect(parseSocketAddress("fe80::1%eth0")?.text).toBe("fe80::1");
    expect(parseSocketAddress("::ffff:192.0.2.1")?.text).toBe("192.0.2.1");
    expect(parseSocketAddress("")).toBeUndefined();
  });
});
