import { expect, test } from "bun:test";
import { parseAddress } from "../base/address.ts";
import { decideAddresses, parseAsked } from "./decide-addresses.ts";

const globalPeer = "9.9.9.9";
const home = "192.168.1.20";

/** zone, caller, what was sent, what the host gets; `bad` when the request is refused. */
const cases = [
  ["public", globalPeer, [], ["9.9.9.9"]],
  ["public", home, [], "bad"], // AT6: the same verdict when myip is absent
  ["private", home, [], [home]],
  ["public", globalPeer, ["8.8.4.4"], ["8.8.4.4"]],
  ["public", home, ["203.0.113.7"], ["203.0.113.7"]],
  ["public", globalPeer, ["10.0.0.5"], ["9.9.9.9"]],
  ["public", home, ["10.0.0.5"], "bad"],
  ["public", "203.0.113.9", ["10.0.0.5"], ["203.0.113.9"]], // documentation: accepted everywhere
  ["private", home, ["10.0.0.5"], ["10.0.0.5"]],
  ["public", globalPeer, ["8.8.4.4", "fd00::1"], ["8.8.4.4"]], // FRITZ!Box with a ULA
  ["public", globalPeer, ["10.0.0.5", "2606:4700::1"], ["9.9.9.9", "2606:4700::1"]],
  ["public", globalPeer, ["fd00::1"], ["9.9.9.9"]],
  ["public", home, ["10.0.0.5", "2606:4700::1"], ["2606:4700::1"]],
  ["public", globalPeer, ["1.1.1.1", "8.8.4.4"], ["8.8.4.4"]], // the last of a family
  ["public", globalPeer, ["2606:4700::1", "8.8.4.4"], ["2606:4700::1", "8.8.4.4"]], // their order
] as const;

for (const [zone, peer, sent, expected] of cases) {
  test(`${zone} zone, from ${peer}: [${sent.join(", ")}] becomes ${String(expected)}`, () => {
    const asked = parseAsked(sent);
    if (asked.kind === "bad-address") throw new Error("the case is wrong");
    const usable = decideAddresses(asked.addresses, parseAddress(peer)!, zone === "private");
    const got = usable.kind === "usable" ? usable.addresses.map(({ text }) => text) : "bad";
    expect(got).toEqual(expected === "bad" ? "bad" : [...expected]);
  });
}

test("a client gets its own spelling back", () => {
  const asked = parseAsked(["2001:DB8:0::7"]);
  expect(asked.kind === "addresses" && asked.addresses[0]?.text).toBe("2001:DB8:0::7");
});

test("one malformed address makes the whole request malformed", () => {
  expect(parseAsked(["192.0.2.1", "192.0.2.256"])).toEqual({
    kind: "bad-address",
    found: "192.0.2.256",
  });
});
