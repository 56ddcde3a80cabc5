/** An address that the configuration states. */

import { reach } from "../../base/address.ts";
import type { Address } from "../../base/address.ts";
import { judge, none } from "./judge.ts";
import type { Policy } from "./judge.ts";
import type { Source } from "./source.ts";

/** Documentation addresses are taken here: who writes one down means it, and it harms nobody. */
export function makeFixedSource(address: Address, policy: Policy): Source {
  const isMeant = reach(address) === "documentation";
  return {
    name: `fixed ${address.text}`,
    detect: async (family) => {
      if (address.family !== family) return none(`${address.text} is no IPv${family} address`);
      return isMeant ? { kind: "address", address } : judge([address], family, policy);
    },
  };
}
