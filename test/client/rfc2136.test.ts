/** Updates with TSIG into established name servers: taken with the right key, refused for what is wrong. */

import { expect } from "bun:test";
import { systemClock } from "../../src/base/clock.ts";
import { tsigAlgorithms } from "../../src/dns/tsig.ts";
import type { Service } from "../../src/client/speak/service.ts";
import type { Surroundings } from "../../src/client/speak/service-row.ts";
import { testWith } from "../debian.ts";
import type { Server } from "../dns/client.ts";
import { startPeer } from "../dns/peer-server.ts";
import { ask } from "../scenario/dns-exchange.ts";
import { makeUpdate, mustMakeService, never } from "./speaking.ts";

const zone = `$ORIGIN dyn.test.
$TTL 300
@ IN SOA ns1 hostmaster 1 3600 600 1209600 60
@ NS ns1
ns1 A 192.0.2.53
cam1 300 A 192.0.2.1
cam1 300 A 192.0.2.2
cam1 300 TXT "stays"
`;

/** One for each algorithm: `upd-hmac-sha256`. */
const keys = tsigAlgorithms.map((algorithm, i) => ({
  name: `upd-${algorithm}`,
  algorithm,
  secretBase64: Buffer.alloc(32, 0x61 + i).toBase64(),
}));
const [first] = keys;

function serviceFor(
  at: Server,
  key: { readonly name: string; readonly algorithm: string; readonly secretBase64: string },
  given: Partial<Surroundings> = {},
): Service {
  const settings = {
    server: `${at.hostname}:${at.port}`,
    zone: "dyn.test",
    key: key.name,
    algorithm: key.algorithm,
    secret: key.secretBase64,
    ttl: "30",
  };
  return mustMakeService("rfc2136", settings, given);
}

for (const peer of ["named", "knotd"] as const) {
  testWith(
    [peer],
    `${peer} takes an update signed with each algorithm, and it is there`,
    async () => {
      await using server = await startPeer(peer, { "dyn.test": zone }, keys);
      for (const [i, key] of keys.entries()) {
        const update = makeUpdate(
          ["cam1.dyn.test", "cam2.dyn.test"],
          `203.0.113.${i}`,
          `2001:db8::${i}`,
        );
        const answers = await serviceFor(server.address, key).send(update, never);
        expect([key.name, answers]).toEqual([
          key.name,
          [{ kind: "accepted" }, { kind: "accepted" }],
        ]);
        const { answers: records } = await ask(server.address, "udp", "cam1.dyn.test", "A");
        expect(records.map(({ ttlSeconds, rdata }) => [ttlSeconds, [...rdata]])).toEqual([
          [30, [203, 0, 113, i]],
        ]);
        const { answers: sixes } = await ask(server.address, "udp", "cam2.dyn.test", "AAAA");
        expect(sixes.map(({ rdata }) => rdata.at(-1))).toEqual([i]);
      }
      // A family that is left out is kept, and so is everything else.
      const only4 = makeUpdate(["cam1.dyn.test"], "203.0.113.99");
      expect(await serviceFor(server.address, first!).send(only4, never)).toEqual([
        { kind: "accepted" },
      ]);
      for (const type of ["AAAA", "TXT"]) {
        const { answers: kept } = await ask(server.address, "udp", "cam1.dyn.test", type);
        expect(kept).toHaveLength(1);
      }
    },
  );

  testWith(
    [peer],
    `${peer} takes twenty hosts, which are too many for a datagram, over TCP`,
    async () => {
      await using server = await startPeer(peer, { "dyn.test": zone }, keys);
      const hosts = Array.from({ length: 20 }, (_, i) => `a-longer-name-of-a-camera-${i}.dyn.test`);
      const update = makeUpdate(hosts, "203.0.113.7", "2001:db8::7");
      const answers = await serviceFor(server.address, first!).send(update, never);
      expect(answers).toEqual(hosts.map(() => ({ kind: "accepted" })));
      const { answers: records } = await ask(server.address, "udp", hosts.at(-1)!, "AAAA");
      expect(records).toHaveLength(1);
    },
  );

  testWith(
    [peer],
    `${peer} refuses a wrong secret, an unknown key, another zone and a wrong clock`,
    async () => {
      await using server = await startPeer(peer, { "dyn.test": zone }, keys);
      const at = server.address;
      const update = makeUpdate(["cam1.dyn.test"], "203.0.113.7");
      const known = first!;

      const secretBase64 = Buffer.alloc(32, 0x7a).toBase64();
      const wrongSecret = serviceFor(at, { ...known, secretBase64 });
      expect(await wrongSecret.send(update, never)).toEqual([{ kind: "refused", word: "BADSIG" }]);

      const unknownKey = serviceFor(at, { ...known, name: "nobody" });
      expect(await unknownKey.send(update, never)).toEqual([{ kind: "refused", word: "BADKEY" }]);

      const anHourLate = { ...systemClock, now: () => Date.now() - 3_600_000 };
      const late = serviceFor(at, known, { clock: anHourLate });
      const why = expect.stringContaining("BADTIME");
      expect(await late.send(update, never)).toEqual([{ kind: "failed", why, waitMs: undefined }]);

      const elsewhere = mustMakeService("rfc2136", {
        server: `${at.hostname}:${at.port}`,
        zone: "other.test",
        key: known.name,
        algorithm: known.algorithm,
        secret: known.secretBase64,
      });
      expect(
        await elsewhere.send(makeUpdate(["a.other.test"], "203.0.113.7"), never),
      ).toMatchObject([{ kind: "refused" }]);

      const { answers: records } = await ask(at, "udp", "cam1.dyn.test", "A");
      expect(records).toHaveLength(2); // as the zone file has it
    },
  );
}
