/** Mapping takes whatever octets a request may hold. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { parseParameters } from "./parameters.ts";
import type { Parameter } from "./parameters.ts";
import type { UpdateMapping } from "./rule.ts";
import { rules } from "./rules.ts";
import { addressesPerUpdateMax, mapUpdate, ownAddressesPerUpdateMax } from "./update-mapping.ts";

/** Everything that a mapping can say at once. */
const everything: UpdateMapping = {
  hosts: ["host", "{x}"],
  domains: ["domain"],
  hostInBrackets: "host",
  addresses: ["ip", "myipv6"],
  prefixes: ["prefix"],
  offline: ["offline", { key: "cmd", words: ["off"] }],
  challenge: { values: ["txt"], clear: ["clear"] },
  credential: [],
};

const mappings: readonly UpdateMapping[] = [
  everything,
  ...rules.flatMap((rule) => (rule.operation === "update" ? [rule.mapping] : [])),
];

const octet = fc.nat(255).map((code) => String.fromCharCode(code));
const key = fc.oneof(
  fc.constantFrom("host", "domain", "ip", "myipv6", "prefix", "offline", "cmd", "txt", "clear"),
  fc.constantFrom("host[a.test]", "host[", "myipv6:b.test", "ip:", "hostname", "myip", "__proto__"),
  octet,
);
const value = fc.string({
  unit: fc.oneof(
    fc.constantFrom("a.test", "192.0.2.7", "2001:db8::7", "/64", "/128", ",", "@", "%0d%0a", "%00"),
    fc.constantFrom("%C0%AE", "<ipaddr>", "#{ip}", "preserve", "1", "true", "%", "&", "[", "]"),
    octet,
  ),
  maxLength: 12,
});
const query = fc
  .array(fc.tuple(key, value), { maxLength: 12 })
  .map((pairs) => pairs.map(([name, text]) => `${name}=${text}`).join("&"));

/** A request that makes `map` throw, or give what was not asked for. */
function findCrash(map: typeof mapUpdate): string | undefined {
  const seen = new Set<string>();
  const details = fc.check(
    fc.property(fc.constantFrom(...mappings), query, (mapping, text) => {
      const parameters = parseParameters(text, undefined, "")!;
      const mapped = map(parameters, mapping);
      seen.add(mapped.kind);
      if (mapped.kind !== "mapped") return;
      expect(mapped.addresses.length).toBeLessThanOrEqual(addressesPerUpdateMax);
      expect(mapped.ownAddresses.length).toBeLessThanOrEqual(ownAddressesPerUpdateMax);
      const { hosts, addresses, ownAddresses, prefix, challenge, offline } = mapped;
      const sent = parameters.map((one) => `${one.key} ${one.value}`).join(" ");
      for (const address of addresses) expect(sent).toContain(address);
      for (const { host, address } of ownAddresses) {
        expect(sent).toContain(host);
        expect(sent).toContain(address);
        expect(hosts.map((one) => one.toLowerCase().replace(/\.$/, ""))).toContain(
          host.replace(/\.$/, ""),
        );
      }
      if (prefix !== undefined) expect(sent).toContain(prefix);
      if (challenge !== undefined) expect(offline).toBe(false);
    }),
    { numRuns: 4_000, seed: 20_240_611 },
  );
  if (details.failed) return JSON.stringify(details.counterexample);
  expect(seen.has("mapped")).toBe(true);
  return undefined;
}

test("whatever the octets, mapping does not throw and gives nothing that was not sent", () => {
  expect(findCrash(mapUpdate)).toBeUndefined();
});

test("a mapping that decodes with what throws would be found", () => {
  const decode = (one: Parameter): Parameter => ({ ...one, value: decodeURIComponent(one.value) });
  expect(
    findCrash((parameters, mapping) => mapUpdate(parameters.map(decode), mapping)),
  ).toBeDefined();
});
