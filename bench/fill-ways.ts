/** Logins for a few hosts each, which accept every kind of proof, in a folder that has hosts. */

import { join } from "node:path";
import { systemChance } from "../src/base/chance.ts";
import { systemClock } from "../src/base/clock.ts";
import { makeProof } from "../src/core/login-proof.ts";
import type { ProofKind } from "../src/core/login.ts";
import { makeVerifier } from "../src/core/verifier.ts";
import { openStore } from "../src/store/open-store.ts";
import { openPepper } from "../src/store/pepper.ts";
import { openOrMakeSecretsKey } from "../src/store/secrets-key.ts";
import { deviceLogin, hostName, hostsPerLogin, loginsCount, waysHosts } from "./adapter-ways.ts";
import { fillStore } from "./fill-store.ts";

const proofKinds: readonly ProofKind[] = ["token", "sha1", "md5", "gnudip"];

export async function fillWays(data: string): Promise<void> {
  await fillStore(data, waysHosts);
  const ignore = (): void => {};
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const url = join(data, "nameward.db");
  await using store = await openStore({ url, thread: false, clock: systemClock, log });
  const [user] = await store.listUsers();
  const hosts = await store.listHosts({ limit: waysHosts });
  const idByName = new Map(hosts.map(({ id, name }) => [String(name), id]));
  const pepper = await openPepper(data);
  const key = await openOrMakeSecretsKey(data);
  const parts = { pepper, chance: systemChance, getSecretsKey: async () => key };
  for (let number = 0; number < loginsCount; number++) {
    const login = deviceLogin(number);
    const names = Array.from({ length: hostsPerLogin }, (_, at) =>
      hostName(number * hostsPerLogin + at),
    );
    const outcome = await store.addLogin({
      user: user!.id,
      username: login.username,
      verifier: makeVerifier(pepper, login.username, login.password),
      proofs: await Promise.all(proofKinds.map((kind) => makeProof(kind, login, parts))),
      hosts: names.map((name) => idByName.get(name)!),
    });
    if (outcome.kind !== "made") throw new Error("A login could not be made");
  }
}
