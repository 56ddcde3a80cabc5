/** The rules of the service over what is stored now, deciding as a server would, and changing nothing. */

import type { Service as AdapterService } from "./adapters/update-service.ts";
import { systemChance } from "./base/chance.ts";
import { systemClock } from "./base/clock.ts";
import { Directory } from "./core/directory.ts";
import type { Fact, ManyHosts } from "./core/fact.ts";
import { Publication } from "./core/publication.ts";
import type { Receipt } from "./core/receipt.ts";
import { Updates } from "./core/take-update.ts";
import { adapterService, makeOpener } from "./serve.ts";
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
  const updates = new Updates({
    directory,
    publication: new Publication({ burst: 1, refillMs: 1 }),
    pepper: await openPepper(dataFolder, systemChance),
    openSealed: makeOpener(() => openSecretsKey(dataFolder)),
    clock: systemClock,
    commit: (changes) => Promise.resolve(changes.map(() => "applied")),
    publish: () => undefined,
    keep: (receipt) => receipts.push(receipt),
  });
  return { service: adapterService(updates, directory), directory, receipts };
}

function addHosts({ hosts }: Directory, { hosts: columns }: ManyHosts): void {
  for (let row = 0; row < columns.rows; row++) hosts.setRow(columns, row);
}
