import { expect, test } from "bun:test";
import { addressFromOctets, parseAddress, parseCidr } from "../base/address.ts";
import type { ChallengeResult } from "./challenge.ts";
import { fixedNote } from "./decision.ts";
import { Directory } from "./directory.ts";
import { parseHostName } from "./host-name.ts";
import type { AddressChange, HostId } from "./host.ts";
import { parseIdentifier } from "./interface-identifier.ts";
import { Publication } from "./publication.ts";
import type { Credential, Login } from "./login.ts";
import type { Receipt } from "./receipt.ts";
import { Updates } from "./take-update.ts";
import { prefixHostsMax } from "./update.ts";
import type { ChallengeChange, HostOutcome, UpdateRequest } from "./update.ts";
import { makeProofVerifier, makeVerifier } from "./verifier.ts";

const pepper = new Uint8Array(32).fill(7);
const credential: Credential = { kind: "password", username: "cam", password: "secret" };

/** The rules with two hosts of alice in a private zone, one in a public one, and one of bob. */
function house(options: { burst?: number; login?: Partial<Login> } = {}) {
  const directory = new Directory(1);
  const zone = (id: number, apex: string, isPrivate: boolean): void =>
    directory.apply({
      kind: "zone",
      id,
      zone: { id, apex: parseHostName(apex)!, isPrivate, serial: 1 },
    });
  zone(1, "lan.test", true);
  zone(2, "dyn.test", false);
  const host = (
    id: number,
    name: string,
    zoneId: number,
    user: number,
    isBlocked = false,
  ): void => {
    const nothing = { v4: undefined, v6: undefined, createdAtMs: 0, changedAtMs: undefined };
    const made = {
      id,
      zone: zoneId,
      user,
      name: parseHostName(name)!,
      isBlocked,
      isFixed: false,
      ...nothing,
    };
    directory.apply({ kind: "host", id, host: made });
  };
  host(1, "a.lan.test", 1, 1);
  host(2, "b.lan.test", 1, 1);
  host(3, "c.dyn.test", 2, 1);
  host(4, "bob.lan.test", 1, 2);
  host(5, "held.lan.test", 1, 1, true);
  const verifier = makeVerifier(pepper, "cam", "secret");
  const login: Login = {
    id: 1,
    user: 1,
    username: "cam",
    verifier,
    hosts: [1, 2, 3, 5],
    proofs: [{ kind: "token", verifier: makeProofVerifier(pepper, "token", "secret") }],
    scope: "all",
    from: [],
    ...options.login,
  };
  directory.apply({ kind: "login", id: 1, login });
  const commits: {
    changes: readonly AddressChange[];
    settle: (how: "applied" | "gone" | "fail") => void;
  }[] = [];
  const edits: {
    hosts: readonly HostId[];
    change: ChallengeChange;
    receipts: readonly Receipt[];
  }[] = [];
  /** What the store says to the next edits of challenges, if not that all is changed. */
  const challengeEdits: (readonly ChallengeResult[] | Error)[] = [];
  const published: HostId[] = [];
  const receipts: Receipt[] = [];
  let now = 0;
  const updates = new Updates({
    directory,
    pepper,
    openSealed: () => Promise.reject(new Error("no key")),
    publication: new Publication({ burst: options.burst ?? 60, refillMs: 10_000 }),
    clock: { now: () => now++, monotonicMs: () => now },
    commit: (changes) =>
      new Promise((resolve, reject) => {
        commits.push({
          changes,
          settle: (how) =>
            how === "fail" ? reject(new Error("disk")) : resolve(changes.map(() => how)),
        });
      }),
    changeChallenges: async (ids, change, given) => {
      const results = challengeEdits.shift() ?? ids.map(() => ({ kind: "changed" }) as const);
      if (results instanceof Error) throw results;
      edits.push({ hosts: ids, change, receipts: given });
      return results;
    },
    publish: (id) => published.push(id),
    keep: (receipt) => receipts.push(receipt),
  });
  const ask = (given: Partial<UpdateRequest>) =>
    updates.takeUpdate({
      credential,
      hosts: ["a.lan.test"],
      naming: "full",
      addresses: [],
      ownAddresses: [],
      prefix: undefined,
      offline: false,
      challenge: undefined,
      isAllOrNothing: false,
      peer: parseAddress("192.168.1.9")!,
      adapter: "test",
      userAgent: "Test - Case - 1",
      ...given,
    });
  const addresses = (id: HostId): string => {
    const { v4, v6 } = directory.hosts.addresses(id);
    return [v4, v6]
      .flatMap((o) => (o === undefined ? [] : [addressFromOctets(o.slice()).text]))
      .join(",");
  };
  const identify = (host: HostId, text: string): void => {
    directory.apply({ kind: "interface", host, identifier: parseIdentifier(text)! });
  };
  return {
    ask,
    commits,
    published,
    receipts,
    addresses,
    updates,
    directory,
    identify,
    edits,
    challengeEdits,
  };
}

async function outcomes(
  answer: ReturnType<Updates["takeUpdate"]>,
): Promise<readonly HostOutcome["kind"][] | string> {
  const outcome = await answer;
  return outcome.kind === "hosts" ? outcome.hosts.map((host) => host.kind) : outcome.kind;
}

test("hosts of a suspended account are refused as held ones are, and their addresses stay", async () => {
  const { ask, directory, commits } = house();
  const user = { id: 1, name: "alice", isAdmin: false };
  const send = () => ask({ peer: parseAddress("192.168.1.9")! });
  directory.apply({ kind: "user", id: 1, user: { ...user, isSuspended: true } });
  expect(await outcomes(send())).toEqual(["blocked"]);
  expect(commits).toHaveLength(0);
  directory.apply({ kind: "user", id: 1, user });
  void send();
  expect(commits).toHaveLength(1);
});

test("a fixed host stays where it is whatever its device says, and the device is told that all is well", async () => {
  const { ask, directory, commits, receipts, addresses, identify } = house();
  const v4 = Uint8Array.of(203, 0, 113, 1);
  const host = { ...hostless, id: 1, name: parseHostName("a.lan.test")!, v4 };
  identify(1, "::a");
  directory.apply({ kind: "host", id: 1, host: { ...host, isFixed: true } });
  const hosts = ["a.lan.test"];
  for (const asked of [{ addresses: ["203.0.113.7"] }, { offline: true }, { prefix }]) {
    expect(await outcomes(ask({ hosts, ...asked }))).toEqual(["unchanged"]);
    expect(receipts.at(-1)).toMatchObject({ outcome: "unchanged", host: 1 });
    expect(receipts.at(-1)!.note).toContain(fixedNote);
  }
  void ask({ hosts: ["b.lan.test"], prefix, addresses: ["203.0.113.7"] }); // nor does it follow its network
  expect(commits.map(({ changes }) => changes.map((change) => change.host))).toEqual([[2]]);
  directory.apply({ kind: "host", id: 1, host });
  const answer = ask({ hosts, addresses: ["203.0.113.8"] });
  commits.at(-1)!.settle("applied");
  expect(await outcomes(answer)).toEqual(["changed"]);
  expect(addresses(1)).toBe("203.0.113.8");
});

test("a change is answered when it is durable and published, not before", async () => {
  const { ask, commits, published, addresses } = house();
  const answer = ask({ addresses: ["203.0.113.7"] });
  expect(answer).toBeInstanceOf(Promise);
  await Promise.resolve();
  expect([addresses(1), published.length]).toEqual(["", 0]);
  commits[0]!.settle("applied");
  expect(await outcomes(answer)).toEqual(["changed"]);
  expect([addresses(1), published]).toEqual(["203.0.113.7", [1]]);
});

test("a repeat is answered at once from memory and stores nothing", async () => {
  const { ask, commits } = house();
  const first = ask({ addresses: ["203.0.113.7"] });
  commits[0]!.settle("applied");
  await first;
  const repeat = ask({ addresses: ["203.0.113.7"] });
  expect(repeat).not.toBeInstanceOf(Promise);
  expect(await outcomes(repeat)).toEqual(["unchanged"]);
  expect(commits.length).toBe(1);
});

test("a repeat of a change that is still on its way to the disk is not a repeat yet", async () => {
  const { ask, commits } = house();
  const first = ask({ addresses: ["203.0.113.7"] });
  const second = ask({ addresses: ["203.0.113.7"] });
  expect(second).toBeInstanceOf(Promise);
  for (const commit of commits) commit.settle("applied");
  expect([await outcomes(first), await outcomes(second)]).toEqual([["changed"], ["changed"]]);
});

test("two families in two requests at once do not undo each other", async () => {
  const { ask, commits, addresses } = house();
  const v4 = ask({ addresses: ["203.0.113.7"] });
  const v6 = ask({ addresses: ["2001:db8::7"] });
  commits[0]!.settle("applied");
  commits[1]!.settle("applied");
  await v4;
  await v6;
  expect(addresses(1)).toBe("203.0.113.7,2001:db8::7");
});

test("a store that fails changes nothing, and the client is asked to try later", async () => {
  const { ask, commits, published, addresses, receipts } = house();
  const answer = ask({ addresses: ["203.0.113.7"] });
  commits[0]!.settle("fail");
  expect(await outcomes(answer)).toBe("try-later");
  expect([addresses(1), published.length, receipts.at(-1)?.outcome]).toEqual(["", 0, "try-later"]);
});

test("a host that is deleted while its change is stored is an unknown host", async () => {
  const { ask, commits, published } = house();
  const answer = ask({ addresses: ["203.0.113.7"] });
  commits[0]!.settle("gone");
  expect(await outcomes(answer)).toEqual(["unknown-host"]);
  expect(published).toEqual([]);
});

test("each host has its own outcome, in the order asked for, and one commit for all", async () => {
  const { ask, commits } = house();
  const hosts = [
    "bob.lan.test",
    "a.lan.test",
    "short",
    "held.lan.test",
    "none.lan.test",
    "b.lan.test",
  ];
  const answer = ask({ hosts, addresses: ["203.0.113.7"] });
  commits[0]!.settle("applied");
  expect(await outcomes(answer)).toEqual([
    "unknown-host", // somebody else's, and nobody learns that it exists
    "changed",
    "not-a-full-name",
    "blocked",
    "unknown-host",
    "changed",
  ]);
  expect(commits[0]!.changes.map((change) => change.host)).toEqual([1, 2]);
});

const refusals = [
  ["no credentials", { credential: undefined }, "no-credentials"],
  [
    "a wrong password",
    { credential: { kind: "password", username: "cam", password: "wrong" } },
    "bad-credentials",
  ],
  [
    "an unknown user",
    { credential: { kind: "password", username: "nobody", password: "secret" } },
    "bad-credentials",
  ],
  [
    "a password without end",
    { credential: { kind: "password", username: "cam", password: "x".repeat(9_999) } },
    "bad-credentials",
  ],
  ["21 hosts", { hosts: Array<string>(21).fill("a.lan.test") }, "too-many-hosts"],
  ["no host where there are several", { hosts: [] }, ["unknown-host"]],
  ["a malformed address", { addresses: ["300.1.1.1"] }, ["bad-address"]],
  [
    "a private address in a public zone",
    { hosts: ["c.dyn.test"], addresses: ["10.0.0.1"] },
    ["bad-address"],
  ],
] as const;

for (const [what, given, expected] of refusals) {
  test(`${what} is refused, and nothing is stored`, async () => {
    const { ask, commits } = house();
    expect(await outcomes(ask(given))).toEqual(
      typeof expected === "string" ? expected : [...expected],
    );
    expect(commits).toEqual([]);
  });
}

test("a request without credentials leaves no receipt, a wrong password does", () => {
  const { ask, receipts } = house();
  void ask({ credential: undefined });
  expect(receipts).toEqual([]);
  void ask({ credential: { kind: "password", username: "cam", password: "hunter2" } });
  expect(receipts.map((receipt) => receipt.outcome)).toEqual(["bad-credentials"]);
  expect(JSON.stringify(receipts)).not.toContain("hunter2");
});

test("offline takes away the families that were named, or both", async () => {
  const { ask, commits, addresses } = house();
  const settle = async (answer: ReturnType<typeof ask>): Promise<void> => {
    commits.at(-1)!.settle("applied");
    await answer;
  };
  await settle(ask({ addresses: ["203.0.113.7", "2001:db8::7"] }));
  await settle(ask({ addresses: ["203.0.113.7"], offline: true }));
  expect(addresses(1)).toBe("2001:db8::7");
  await settle(ask({ offline: true }));
  expect(addresses(1)).toBe("");
});

test("one family is taken away while the other is set, or stays", async () => {
  const { ask, commits, addresses, receipts } = house();
  const settle = async (given: Partial<UpdateRequest>): Promise<string> => {
    const answer = ask(given);
    commits.at(-1)!.settle("applied");
    expect(await outcomes(answer)).toEqual(["changed"]);
    return addresses(1);
  };
  expect(await settle({ addresses: ["203.0.113.7", "2001:db8::7"] })).toBe(
    "203.0.113.7,2001:db8::7",
  );
  expect(await settle({ withdrawn: [4], addresses: ["2001:db8::8"] })).toBe("2001:db8::8");
  expect(await settle({ addresses: ["203.0.113.7"] })).toBe("203.0.113.7,2001:db8::8");
  expect(await settle({ withdrawn: [6] })).toBe("203.0.113.7");
  expect(receipts.at(-1)!.note).toBe("IPv6: the address was taken away.");
  expect(await outcomes(ask({ withdrawn: [6] }))).toEqual(["unchanged"]);
  expect(await outcomes(ask({ withdrawn: [4], addresses: ["x"] }))).toEqual(["bad-address"]);
  expect(await settle({ withdrawn: [4, 6] })).toBe("");
});

test("a family is taken away from the hosts that were named, not from those that follow a prefix", async () => {
  const { ask, commits, addresses, identify } = house();
  const settle = async (given: Partial<UpdateRequest>): Promise<void> => {
    const answer = ask(given);
    commits.at(-1)!.settle("applied");
    await answer;
  };
  await settle({ hosts: ["a.lan.test", "b.lan.test"], addresses: ["203.0.113.7"] });
  identify(2, "::b");
  await settle({ withdrawn: [4], prefix, addresses: ["2001:db8::7"] });
  expect([addresses(1), addresses(2)]).toEqual(["2001:db8::7", "203.0.113.7,2001:db8:1:2::b"]);
});

test("above its budget a host's change is durable and answered, and not published yet", async () => {
  const { ask, commits, published, addresses, receipts } = house({ burst: 2 });
  for (const last of [1, 2, 3]) {
    const answer = ask({ hosts: ["c.dyn.test"], addresses: [`203.0.113.${last}`] });
    commits.at(-1)!.settle("applied");
    expect(await outcomes(answer)).toEqual(["changed"]);
  }
  expect(addresses(3)).toBe("203.0.113.3");
  expect(published).toEqual([3, 3]);
  expect(receipts.at(-1)?.note).toContain("budget");
});

const prefix = "2001:db8:1:2::/64";

test("a prefix moves every host with an identifier in one commit, and the reply names those asked for", async () => {
  const { ask, commits, addresses, receipts, published, identify } = house();
  identify(1, "::a");
  identify(2, "::b");
  identify(3, "::c");
  identify(4, "::d"); // bob's
  identify(5, "::e"); // held
  const answer = ask({ prefix, addresses: ["203.0.113.7", "2001:db8:1:2::ffff"] });
  expect(commits.map(({ changes }) => changes.map((change) => change.host))).toEqual([[1, 2, 3]]);
  expect([1, 2, 3].map(addresses)).toEqual(["", "", ""]);
  commits[0]!.settle("applied");
  expect(await answer).toEqual({
    kind: "hosts",
    hosts: [
      {
        kind: "changed",
        name: parseHostName("a.lan.test")!,
        addresses: ["203.0.113.7", "2001:db8:1:2::a"],
        before: { v4: undefined, v6: undefined },
      },
    ],
  });
  expect([1, 2, 3, 4, 5].map(addresses)).toEqual([
    "203.0.113.7,2001:db8:1:2::a",
    "2001:db8:1:2::b",
    "2001:db8:1:2::c",
    "",
    "",
  ]);
  expect(published).toEqual([1, 2, 3]);
  expect(receipts.map(({ asked, outcome, note }) => [asked, outcome, note])).toEqual([
    ["a.lan.test", "changed", `Behind the prefix ${prefix}.`],
    ["b.lan.test", "changed", `Behind the prefix ${prefix}.`],
    ["c.dyn.test", "changed", `Behind the prefix ${prefix}.`],
  ]);

  const repeat = ask({ prefix, addresses: ["203.0.113.7"] });
  expect(await outcomes(repeat)).toEqual(["unchanged"]);
  expect([commits.length, receipts.length]).toEqual([1, 4]);
});

test("a prefix that the disk refuses moves nobody", async () => {
  const { ask, commits, addresses, identify } = house();
  identify(1, "::a");
  identify(2, "::b");
  const answer = ask({ prefix });
  commits[0]!.settle("fail");
  expect(await outcomes(answer)).toBe("try-later");
  expect([1, 2].map(addresses)).toEqual(["", ""]);
});

test("without a host named, those with an identifier are meant", async () => {
  const { ask, commits, addresses, identify } = house();
  expect(await outcomes(ask({ prefix, hosts: [] }))).toEqual(["unknown-host"]);
  identify(2, "::b");
  identify(3, "::c");
  const answer = ask({ prefix, hosts: [] });
  commits[0]!.settle("applied");
  expect(await outcomes(answer)).toEqual(["changed"]);
  expect([2, 3].map(addresses)).toEqual(["2001:db8:1:2::b", "2001:db8:1:2::c"]);
});

test("hosts that are not asked for stay in a public zone where the prefix is not global", async () => {
  const { ask, commits, addresses, identify } = house();
  identify(2, "::b");
  identify(3, "::c");
  const answer = ask({ prefix: "fd00:1::/64" });
  commits[0]!.settle("applied");
  expect(await outcomes(answer)).toEqual(["unchanged"]); // a.lan.test has nothing to put behind it
  expect([2, 3].map(addresses)).toEqual(["fd00:1::b", ""]);
  const refused = ask({ prefix: "fd00:1::/64", hosts: ["c.dyn.test"] });
  expect(await outcomes(refused)).toEqual(["bad-address"]);
});

const unmoved = [
  ["a malformed prefix", { prefix: "2001:db8::" }, ["bad-address"]],
  ["a prefix beside a malformed address", { prefix, addresses: ["x"] }, ["bad-address"]],
  ["a wrong password", { prefix, credential: { ...credential, password: "x" } }, "bad-credentials"],
] as const;
for (const [what, given, expected] of unmoved) {
  test(`${what} moves only hosts that are told from it: ${String(expected)}`, async () => {
    const { ask, commits, identify } = house();
    identify(1, "::a");
    const answer = ask(given);
    expect(await outcomes(answer)).toEqual(typeof expected === "string" ? expected : [...expected]);
    expect(commits).toEqual([]);
  });
}

test("a host of the login moves though the one that was named is unknown", async () => {
  const { ask, commits, addresses, identify } = house();
  identify(2, "::b");
  const answer = ask({ prefix, hosts: ["none.lan.test"] });
  commits[0]!.settle("applied");
  expect(await outcomes(answer)).toEqual(["unknown-host"]);
  expect(addresses(2)).toBe("2001:db8:1:2::b");
});

test("where one refused host refuses all, none moves with the prefix and no challenge is set", async () => {
  const { ask, commits, edits, identify } = house();
  identify(2, "::b");
  const hosts = ["a.lan.test", "none.lan.test"];
  const both: HostOutcome["kind"][] = ["unknown-host", "unknown-host"];
  expect(await outcomes(ask({ prefix, hosts, isAllOrNothing: true }))).toEqual(both);
  const challenge = { kind: "add", value: "v" } as const;
  expect(await outcomes(ask({ challenge, hosts, isAllOrNothing: true }))).toEqual(both);
  expect([commits, edits]).toEqual([[], []]);
});

test("offline takes addresses away, whatever the prefix", async () => {
  const { ask, commits, addresses, identify } = house();
  identify(2, "::b");
  expect(await outcomes(ask({ prefix, offline: true }))).toEqual(["unchanged"]);
  expect([commits.length, addresses(2)]).toEqual([0, ""]);
});

test("a login that may set challenges only moves no host by a prefix", async () => {
  const { ask, commits, directory, identify } = house();
  identify(1, "::a");
  const login = directory.findLogin("cam")!;
  directory.apply({ kind: "login", id: 1, login: { ...login, scope: "challenges" } });
  expect(await outcomes(ask({ prefix }))).toEqual(["unknown-host"]);
  expect(commits).toEqual([]);
});

test("so many hosts move with a prefix, and one more is refused with all of them", async () => {
  for (const [count, expected] of [
    [prefixHostsMax, ["changed"]],
    [prefixHostsMax + 1, "too-many-hosts"],
  ] as const) {
    const { ask, commits, directory, identify } = house();
    const login = directory.findLogin("cam")!;
    directory.apply({ kind: "login", id: 1, login: { ...login, hosts: "all-of-user" } });
    for (let index = 0; index < count; index++) {
      const id = 100 + index;
      const name = parseHostName(`h${index}.lan.test`)!;
      const host = { ...hostless, id, name };
      directory.apply({ kind: "host", id, host });
      identify(id, `::${(index + 1).toString(16)}`);
    }
    const answer = ask({ prefix, hosts: ["h0.lan.test"] });
    for (const commit of commits) commit.settle("applied");
    expect(await outcomes(answer)).toEqual(
      expected === "too-many-hosts" ? expected : [...expected],
    );
    expect(commits.map(({ changes }) => changes.length)).toEqual(
      count > prefixHostsMax ? [] : [prefixHostsMax],
    );
  }
});

test("an address of a host's own counts before those for all, and asks for the host", async () => {
  const { ask, commits, addresses } = house();
  const answer = ask({
    hosts: ["A.lan.test", "b.lan.test"],
    addresses: ["203.0.113.7", "2001:db8::1"],
    ownAddresses: [
      { host: "b.lan.test.", address: "2001:db8::b" },
      { host: "c.dyn.test", address: "2001:db8::c" },
      { host: "a.lan.test", address: "203.0.113.8" },
      { host: "bob.lan.test", address: "203.0.113.9" },
      { host: "C.dyn.test", address: "203.0.113.9" },
    ],
  });
  commits[0]!.settle("applied");
  expect(await outcomes(answer)).toEqual(["changed", "changed", "changed", "unknown-host"]);
  expect([1, 2, 3, 4].map(addresses)).toEqual([
    "203.0.113.8,2001:db8::1",
    "203.0.113.7,2001:db8::b",
    "203.0.113.9,2001:db8::c",
    "",
  ]);
});

test("a malformed address of one host's own is that host's alone, and does not mean the peer's", async () => {
  const { ask, commits, addresses } = house();
  const ownAddresses = [
    { host: "a.lan.test", address: "2001:db8::x" },
    { host: "b.lan.test", address: "2001:db8::b" },
  ];
  const answer = ask({ hosts: [], ownAddresses });
  commits[0]!.settle("applied");
  expect(await outcomes(answer)).toEqual(["bad-address", "changed"]);
  expect(addresses(2)).toBe("2001:db8::b");
});

test("hosts that are named and hosts with an address of their own are counted together", async () => {
  const { ask, commits } = house();
  const hosts = Array.from({ length: 19 }, (_, index) => `h${index}.lan.test`);
  const own = (host: string) => ({ host, address: "2001:db8::1" });
  const twenty = ask({ hosts, ownAddresses: [own("a.lan.test"), own("h1.lan.test")] });
  commits[0]!.settle("applied");
  expect(await outcomes(twenty)).toHaveLength(20);
  const more = ask({ hosts, ownAddresses: [own("a.lan.test"), own("b.lan.test")] });
  expect(await outcomes(more)).toBe("too-many-hosts");
});

const add = (value: string): ChallengeChange => ({ kind: "add", value });

test("a challenge goes to the store with its receipt, and touches no address", async () => {
  const { ask, edits, commits, receipts } = house();
  const hosts = ["_acme-challenge.a.lan.test.", "b.lan.test", "bob.lan.test", "held.lan.test"];
  const answer = ask({ hosts, challenge: add("v"), addresses: ["203.0.113.7"], prefix });
  expect(await outcomes(answer)).toEqual(["changed", "changed", "unknown-host", "blocked"]);
  expect(edits.map(({ hosts: ids, change }) => [ids, change])).toEqual([[[1, 2], add("v")]]);
  expect(edits[0]!.receipts.map(({ host, outcome }) => [host, outcome])).toEqual([
    [1, "changed"],
    [2, "changed"],
  ]);
  expect(receipts.map(({ asked }) => asked)).toEqual(["a.lan.test.", ...hosts.slice(1)]);
  expect(commits).toEqual([]);
});

test("a login for challenges only may set them", async () => {
  const { ask, directory } = house();
  const login = directory.findLogin("cam")!;
  directory.apply({ kind: "login", id: 1, login: { ...login, scope: "challenges" } });
  expect(await outcomes(ask({ challenge: add("v") }))).toEqual(["changed"]);
  expect(await outcomes(ask({}))).toEqual(["unknown-host"]);
});

test("a challenge that changes nothing is answered at once from memory", async () => {
  const { ask, directory, edits } = house();
  directory.apply({ kind: "challenges", host: 1, challenges: ["v"] });
  for (const [challenge, kind] of [
    [add("v"), "unchanged"],
    [{ kind: "remove", value: "w" }, "unchanged"],
  ] as const) {
    const answer = ask({ challenge });
    expect(answer).not.toBeInstanceOf(Promise);
    expect(await outcomes(answer)).toEqual([kind]);
  }
  expect(await outcomes(ask({ hosts: ["b.lan.test"], challenge: { kind: "clear" } }))).toEqual([
    "unchanged",
  ]);
  expect(edits).toEqual([]);
  for (const challenge of [add("V"), { kind: "remove", value: "v" }, { kind: "clear" }] as const) {
    expect(await outcomes(ask({ challenge }))).toEqual(["changed"]);
  }
});

test("what the store says of a challenge is what the client is told", async () => {
  const { ask, challengeEdits, receipts } = house();
  challengeEdits.push([
    { kind: "gone" },
    { kind: "refused", why: "There is an alias." },
    { kind: "unchanged" },
  ]);
  const hosts = ["a.lan.test", "b.lan.test", "c.dyn.test"];
  expect(await outcomes(ask({ hosts, challenge: add("v") }))).toEqual([
    "unknown-host",
    "bad-address",
    "unchanged",
  ]);
  expect(receipts[1]!.note).toBe("There is an alias.");
  challengeEdits.push(new Error("disk"));
  expect(await outcomes(ask({ challenge: add("v") }))).toBe("try-later");
});

for (const value of ["", "a\r\nb", "ä", "x".repeat(256)]) {
  test(`${JSON.stringify(value.slice(0, 9))} is refused as a challenge, and nothing is stored`, async () => {
    const { ask, edits, receipts } = house();
    expect(await outcomes(ask({ challenge: add(value) }))).toEqual(["bad-address"]);
    expect(receipts.at(-1)!.note).toContain("255 printable characters");
    expect(edits).toEqual([]);
  });
}

const hostless = {
  zone: 1,
  user: 1,
  isBlocked: false,
  isFixed: false,
  v4: undefined,
  v6: undefined,
  createdAtMs: 0,
  changedAtMs: undefined,
};

const token: Credential = { kind: "token", secret: "secret" };

test("a receipt names the login that a secret alone belongs to, and nobody's is nobody's", async () => {
  const { ask, commits, receipts } = house();
  const answer = ask({ credential: token, addresses: ["203.0.113.7"] });
  commits[0]!.settle("applied");
  expect(await outcomes(answer)).toEqual(["changed"]);
  void ask({ credential: { kind: "token", secret: "other" } });
  expect(receipts.map(({ username, outcome }) => [username, outcome])).toEqual([
    ["cam", "changed"],
    [undefined, "bad-credentials"],
  ]);
  expect(receipts[1]!.note).toBe("No login accepts this token alone: login add --accepts token.");
  expect(JSON.stringify(receipts)).not.toMatch(/"secret|other"/);
});

test("an answer to a challenge is judged when its secret is unsealed, or the client comes again", async () => {
  const proof = { kind: "gnudip", sealed: new Uint8Array(60) } as const;
  const { ask, updates, receipts } = house({ login: { proofs: [proof] } });
  const gnudip = { kind: "gnudip", salt: "1234567890", digest: "" } as const;
  const peer = parseAddress("192.0.2.9")!;
  // There is no key here, which is no fault of whoever asks.
  expect(await outcomes(ask({ credential: { ...gnudip, username: "cam" } }))).toBe("try-later");
  expect(receipts.at(-1)?.note).toContain("key of sealed secrets");
  expect(await updates.checkCredential({ ...gnudip, username: "cam" }, peer)).toBe("try-later");
  expect(await updates.listHosts({ ...gnudip, username: "cam" }, peer)).toBe("try-later");
  const bob = { ...gnudip, username: "bob" };
  expect(await outcomes(ask({ credential: bob }))).toBe("bad-credentials");
});

test("a login for challenges moves no address, and its receipt says why", async () => {
  const { ask, commits, receipts } = house({ login: { scope: "challenges" } });
  expect(await outcomes(ask({ addresses: ["203.0.113.7"] }))).toEqual(["unknown-host"]);
  expect(await outcomes(ask({ offline: true }))).toEqual(["unknown-host"]);
  expect(receipts.map(({ note }) => note.includes("challenges only"))).toEqual([true, true]);
  expect(commits).toEqual([]);
});

test("who lists hosts or checks a credential is bound to the networks of the login too", () => {
  const { updates } = house({ login: { from: [parseCidr("192.0.2.0/24")!] } });
  const [here, elsewhere] = [parseAddress("192.0.2.9")!, parseAddress("198.51.100.9")!];
  expect(updates.listHosts(credential, here)).toEqual([1, 2, 3, 5]);
  expect(updates.listHosts(credential, elsewhere)).toBe("wrong");
  expect(updates.checkCredential(credential, here)).toBe("ok");
  expect(updates.checkCredential(credential, elsewhere)).toBe("wrong");
});

test("one refused host refuses all, where a dialect has one word for all", async () => {
  const { ask, commits, receipts, addresses } = house();
  const hosts = ["a.lan.test", "none.lan.test", "b.lan.test"];
  const given = { hosts, addresses: ["203.0.113.7"] };
  const refused = ask({ ...given, isAllOrNothing: true });
  expect(await outcomes(refused)).toEqual(["unknown-host", "unknown-host", "unknown-host"]);
  expect([commits.length, addresses(1)]).toEqual([0, ""]);
  expect(receipts.map(({ host }) => host)).toEqual([1, undefined, 2]);
  expect(receipts[0]!.note).toContain("Refused because none.lan.test was");
  expect(receipts[1]!.note).toBe("There is no such host.");
  const each = ask(given);
  commits[0]!.settle("applied");
  expect(await outcomes(each)).toEqual(["changed", "unknown-host", "changed"]);
  const all = ask({ hosts: ["a.lan.test"], addresses: ["203.0.113.8"], isAllOrNothing: true });
  commits[1]!.settle("applied");
  expect(await outcomes(all)).toEqual(["changed"]);
});
