import { expect, test } from "bun:test";
import { isWanted, parseFilter } from "./host-filter.ts";
import type { FilteredHost } from "./host-filter.ts";

const host: FilteredHost = {
  name: "cam-garage.dyn.test",
  state: "quiet",
  zone: "dyn.test",
  owner: "ada",
  addresses: ["203.0.113.7", "2001:db8::7"],
  device: "FRITZ!Box 7590",
  isOf: (username) => username === "U7k2m9",
};

const filters: readonly [filter: string, isFound: boolean][] = [
  ["", true],
  ["garage", true],
  ["GARAGE cam", true],
  ["-garage", false],
  ["state:quiet zone:dyn.test", true],
  ["-state:current", true],
  ["-state:quiet", false],
  ["STATE:Quiet", true],
  ["owner:bob", false],
  ["address:2001:db8:", true],
  ["device:fritz", true],
  ["login:U7k2m9", true],
  ["login:u7k2m9", false], // user names of devices are compared octet for octet
  ["-login:U7k2m9", false],
  ["colour:red", false], // no key, so a part of the name
  ["-", true],
];

for (const [filter, isFound] of filters)
  test(`"${filter}" finds ${isFound ? "" : "not "}the host`, () => {
    expect(isWanted(host, parseFilter(filter))).toBe(isFound);
  });
