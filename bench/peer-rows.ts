/** The name servers that ours is compared with: how each is configured and started. */

import { join } from "node:path";
import { apex } from "./names.ts";

export type PeerName = "knotd" | "nsd" | "named" | "pdns_server";

export interface PeerSetup {
  /** Its own folder, in which the zone lies as `zone`. */
  readonly folder: string;
  readonly port: number;
  /** Signed beforehand: nothing is to be changed or signed in it. */
  readonly isSigned: boolean;
  /** The one processor it has: then it gets one thread or process for queries. */
  readonly processor: number | undefined;
}

interface PeerRow {
  /** What Debian calls it. */
  readonly packages: string;
  /** Why it cannot be sent DNS UPDATE (RFC 2136); `undefined`: it can. */
  readonly takesNoUpdates?: string;
  arguments(setup: PeerSetup): readonly string[];
  /** Files in its folder, by name. */
  files(setup: PeerSetup): Readonly<Record<string, string>>;
  /** Commands to be run before it starts. */
  prepare?(setup: PeerSetup): readonly (readonly string[])[];
}

/** So that every reply carries a server cookie (RFC 9018 §5), with those that do not choose one themselves. */
const cookieSecret = "000102030405060708090a0b0c0d0e0f";

/**
 * None logs, limits rates or adds to an answer what was not asked for; where they have cookies these are
 * on. Knot and BIND take updates, do not write their zone file during the run, and keep the journal.
 */
export const peerRows: Readonly<Record<PeerName, PeerRow>> = {
  knotd: {
    packages: "knot",
    arguments: ({ folder }) => ["-c", join(folder, "peer.conf")],
    files: ({ folder, port, isSigned, processor }) => ({
      "peer.conf": `server:
    rundir: ${folder}
    listen: 127.0.0.1@${port}
${processor === undefined ? "" : "    udp-workers: 1\n    tcp-workers: 1\n    background-workers: 1\n"}log:
  - target: stderr
    any: error
database:
    storage: ${folder}
    journal-db-max-size: 8G
acl:
  - id: local
    address: 127.0.0.1
    action: update
template:
  - id: default
    global-module: mod-cookies
zone:
  - domain: ${apex}
    file: ${folder}/zone
    zonefile-sync: -1
${isSigned ? knotFixedZone : knotChangingZone}`,
    }),
  },
  nsd: {
    packages: "nsd",
    takesNoUpdates: "it takes no DNS UPDATE (RFC 2136)",
    arguments: ({ folder }) => ["-d", "-c", join(folder, "peer.conf")],
    files: ({ folder, port }) => ({
      "peer.conf": `server:
  server-count: 1
  ip-address: 127.0.0.1@${port}
  username: ""
  chroot: ""
  zonesdir: "${folder}"
  database: ""
  pidfile: ""
  zonelistfile: "${folder}/zone.list"
  xfrdfile: "${folder}/xfrd.state"
  xfrdir: "${folder}"
  verbosity: 0
  minimal-responses: yes
  rrl-ratelimit: 0
  answer-cookie: yes
  cookie-secret: "${cookieSecret}"
remote-control:
  control-enable: no
zone:
  name: ${apex}
  zonefile: ${folder}/zone
`,
    }),
  },
  named: {
    packages: "bind9",
    arguments: ({ folder, processor }) => [
      ...(processor === undefined ? [] : ["-n", "1"]),
      "-f",
      "-c",
      join(folder, "peer.conf"),
    ],
    files: ({ folder, port, isSigned }) => ({
      "peer.conf": `options {
  directory "${folder}";
  pid-file none;
  session-keyfile none;
  lock-file none;
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion no;
  minimal-responses yes;
  dnssec-validation no;
  update-quota 4000;
};
controls { };
logging { category default { null; }; };
zone "${apex}" {
  type primary;
  file "${folder}/zone";
  notify no;
${isSigned ? "" : "  allow-update { 127.0.0.1; };\n  max-journal-size 1g;\n"}};
`,
    }),
  },
  pdns_server: {
    packages: "pdns-server and pdns-backend-bind",
    takesNoUpdates: "its bind backend takes no DNS UPDATE (RFC 2136)",
    arguments: ({ folder }) => [`--config-dir=${folder}`],
    files: ({ folder, port, isSigned }) => ({
      "zones.conf": `zone "${apex}" { type master; file "${folder}/zone"; };\n`,
      "pdns.conf": `launch=bind
bind-config=${folder}/zones.conf
bind-check-interval=0
${isSigned ? `bind-dnssec-db=${folder}/dnssec.db\n` : ""}local-address=127.0.0.1
local-port=${port}
receiver-threads=1
distributor-threads=1
socket-dir=${folder}
daemon=no
guardian=no
disable-syslog=yes
loglevel=1
edns-cookie-secret=${cookieSecret}
`,
    }),
    prepare({ folder, isSigned }) {
      if (!isSigned) return [];
      const pdnsutil = ["pdnsutil", `--config-dir=${folder}`];
      return [
        [...pdnsutil, "create-bind-db", `${folder}/dnssec.db`],
        [...pdnsutil, "set-presigned", apex],
      ];
    },
  },
};

export const peerNames = Object.keys(peerRows) as PeerName[];

const knotChangingZone = `    zonefile-load: difference-no-serial
    journal-content: all
    journal-max-usage: 4G
    journal-max-depth: 100000000
    acl: local
`;

const knotFixedZone = `    zonefile-load: whole
    journal-content: none
`;
