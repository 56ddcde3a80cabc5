/** The zone that our store is filled with, as a file for the peers; signed beforehand where that is wanted. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { apex, hostOctets } from "./names.ts";
import { runProgram } from "./run-program.ts";

export function printZoneFile(hosts: number): string {
  const lines = [
    `$ORIGIN ${apex}.`,
    "$TTL 60",
    "@ 3600 SOA ns1 hostmaster 1 3600 600 1209600 60",
    "@ 3600 NS ns1",
    "ns1 3600 A 127.0.0.1",
  ];
  for (let host = 0; host < hosts; host++) {
    lines.push(`cam${host} A ${hostOctets(host).join(".")}`);
  }
  return `${lines.join("\n")}\n`;
}

export const signingPrograms = ["dnssec-keygen", "dnssec-signzone"] as const;

/** One key for all (a CSK), ECDSA P-256 (RFC 6605), NSEC. Returns the path of the signed file. */
export async function signZoneFile(file: string, under: string): Promise<string> {
  const folder = join(under, "signing");
  await mkdir(folder);
  const key = ["-q", "-K", folder, "-a", "ECDSAP256SHA256", "-f", "KSK"];
  await runProgram(["dnssec-keygen", ...key, apex]);
  const signed = join(folder, "zone.signed");
  // -z: the one key signs everything; -P: what was just signed is not verified again.
  const options = ["-q", "-z", "-P", "-S", "-K", folder, "-d", folder, "-O", "full"];
  await runProgram(["dnssec-signzone", ...options, "-o", apex, "-f", signed, file]);
  return signed;
}
