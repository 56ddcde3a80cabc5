/** The rules of the service over what is stored now, deciding as a server would, and changing nothing. */

import type { Service as AdapterService } from "./adapters/update-service.ts";
import { systemChance } from "./base/chance.ts";
import { systemClock } from "./base/clock.ts";
import { Directory } from "./core/directory.ts";
import type { Fact, ManyHosts } from "./core/fact.ts";
import type { Enrolled, Enrolment } from "./core/enrolment.ts";
import type { Host } from "./core/host.ts";
import type { Login } from "./core/login.ts";
import { Publication } from "./core/publication.ts";
import type { Receipt } from "./core/receipt.ts";
import { Registrar } from "./core/register.ts";
import { Updates } from "./core/take-update.ts";
import { adapterService, makeOpener } from "./adapter-service.ts";
import { openPepper } from "./store/pepper.ts";
import { openSecretsKey } from "./store/secrets-key.ts";
import type { Store } from "./store/store.ts";

export interface DryService {
  readonly service: AdapterService;
  readonly directory: Directory;
  /** What a server would keep of what it was asked. */
  readonly receipts: readonly Receipt[];
}

/** `tell` hears of what is no business of the directory, the rules of the operator for one. */
export async function openDryService(
  store: Store,
  dataFolder: string,
  tell: (fact: Fact) => void,
): Promise<DryService> {
  const directory = new Directory(0);
  await store.load((fact) => {
    if (fact.kind === "hosts") addHosts(directory, fact);
    else directory.apply(fact);
    if (fact.kind !== "hosts") tell(fact);
  });
  const receipts: Receipt[] = [];
  const pepper = await openPepper(dataFolder);
  const keep = (receipt: Receipt): void => void receipts.push(receipt);
  const updates = new Updates({
    directory,
    publication: new Publication({ burst: 1, refillMs: 1 }),
    pepper,
    openSealed: makeOpener(() => openSecretsKey(dataFolder)),
    clock: systemClock,
    commit: (changes) => Promise.resolve(changes.map(() => "applied")),
    // What stands in the way of a text in its zone only the store knows.
    changeChallenges: (hosts) => Promise.resolve(hosts.map(() => ({ kind: "changed" }))),
    publish: () => undefined,
    keep,
  });
  const registrar = new Registrar({
    directory,
    pepper,
    clock: systemClock,
    chance: systemChance,
    enrol: (enrolment) => Promise.resolve(enrolInMemory(enrolment, directory)),
    withdraw: (username) =>
      Promise.resolve(directory.findLogin(username) === undefined ? "not-found" : "withdrawn"),
    takeUpdate: (request) => updates.takeUpdate(request),
    keep,
  });
  return { service: adapterService(updates, registrar, directory), directory, receipts };
}

/** How many there may be is asked of the store alone, when it is really done. */
function enrolInMemory({ zone, by, name, login }: Enrolment, directory: Directory): Enrolled {
  const opening = directory.findZone(zone)?.openings?.find((each) => each.by === by);
  if (opening === undefined) return { kind: "not-open" };
  const { user } = opening;
  const host: Host = {
    id: newId(directory),
    zone,
    user,
    name,
    isBlocked: false,
    isFixed: false,
    v4: undefined,
    v6: undefined,
    createdAtMs: systemClock.now(),
    changedAtMs: undefined,
  };
  directory.apply({ kind: "host", id: host.id, host });
  const made: Login = {
    id: 0,
    user,
    hosts: [host.id],
    proofs: [],
    scope: "all",
    from: [],
    ...login,
  };
  directory.apply({ kind: "login", id: made.id, login: made });
  return { kind: "made", host, login: made };
}

/** One that no host has: the store counts from 1. */
function newId(directory: Directory): number {
  let last = 0;
  for (const id of directory.hosts.ids()) if (id > last) last = id;
  return last + 1;
}

function addHosts({ hosts }: Directory, { hosts: columns }: ManyHosts): void {
  for (let row = 0; row < columns.rows; row++) hosts.setRow(columns, row);
}
