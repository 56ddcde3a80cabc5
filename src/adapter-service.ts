/** The service as adapters see it, over the rules of the core. */

import type {
  HostListing,
  ListedHost,
  Service as AdapterService,
} from "./adapters/update-service.ts";
import { addressFromOctets } from "./base/address.ts";
import type { Directory } from "./core/directory.ts";
import type { HostAddresses, HostId } from "./core/host.ts";
import type { Registrar } from "./core/register.ts";
import { unseal } from "./core/seal.ts";
import type { Listing, UpdateParts, Updates } from "./core/take-update.ts";

export function adapterService(
  updates: Updates,
  registrar: Registrar,
  directory: Directory,
): AdapterService {
  return {
    takeUpdate: (request) => updates.takeUpdate(request),
    register: (registration) => registrar.register(registration),
    note: () => {},
    checkCredential: (credential, peer) => updates.checkCredential(credential, peer),
    listHosts(credential, peer) {
      const listing = updates.listHosts(credential, peer);
      return listing instanceof Promise
        ? listing.then((settled) => toHostListing(settled, directory))
        : toHostListing(listing, directory);
    },
  };
}

function toHostListing(listing: Listing, directory: Directory): HostListing {
  if (listing === "wrong") return { kind: "bad-credentials" };
  if (listing === "try-later") return { kind: "try-later" };
  return { kind: "hosts", hosts: listing.map((id) => new DirectoryHost(id, directory)) };
}

/** Of a login's many hosts most requests are about one: what nobody asks for is not looked up. */
class DirectoryHost implements ListedHost {
  readonly id: HostId;
  readonly #directory: Directory;

  constructor(id: HostId, directory: Directory) {
    this.id = id;
    this.#directory = directory;
  }

  get name(): string {
    return this.#directory.hosts.findName(this.id) ?? "";
  }

  get zone(): string {
    return this.#directory.findZone(this.#directory.hosts.zone(this.id))?.apex ?? "";
  }

  get challenges(): readonly string[] {
    return this.#directory.challengesOf(this.id);
  }

  get addresses(): readonly string[] {
    return addressTexts(this.#directory.hosts.addresses(this.id));
  }

  get changedAtMs(): number | undefined {
    return this.#directory.hosts.changedAtMs(this.id) || undefined;
  }
}

export function addressTexts({ v4, v6 }: HostAddresses): readonly string[] {
  return [v4, v6].flatMap((octets) =>
    octets === undefined ? [] : [addressFromOctets(octets.slice()).text],
  );
}

/** The key is read when the first secret is to be opened; a file that is missing may be put back meanwhile. */
export function makeOpener(readKey: () => Promise<Uint8Array>): UpdateParts["openSealed"] {
  let key: Uint8Array | undefined;
  return async (sealed, place) => unseal((key ??= await readKey()), sealed, place);
}
