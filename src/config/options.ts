/** Every setting. Flags, environment, file, checks, help and docs/configuration.md come from here. */

import type { Cidr } from "../base/address.ts";
import { parseListenAddress } from "./listen-address.ts";
import type { ListenAddress } from "./listen-address.ts";
import {
  oneOf,
  parseMailFrom,
  parseNetwork,
  parsePath,
  parsePublicUrl,
  parseServerName,
  parseServerText,
  parseSmtpUrl,
  parseStoreUrl,
  serverNameCharactersMax,
  wholeNumber,
} from "./setting-values.ts";

/** One setting. The flag and the environment variable follow from its name, see `flagOf`. */
export interface Option<Value> {
  /** Sentences for the operator: what it does, and when to change it. */
  readonly doc: string;
  /** As it would be written; `{data}` stands for the data folder. Empty: none. */
  readonly fallback: string;
  /** What a value looks like; follows "wanted". */
  readonly wants: string;
  /** Stands for the value in help. */
  readonly placeholder: string;
  /** A list is written with commas, or as a YAML sequence. */
  readonly isList: boolean;
  /** Never printed. */
  readonly isSecret: boolean;
  /** One value, or one member of a list. */
  parse(text: string): Value | undefined;
}

interface Single<Value> extends Option<Value> {
  readonly isList: false;
}
interface List<Value> extends Option<Value> {
  readonly isList: true;
}

type Row<Value> = Omit<Option<Value>, "isList" | "isSecret">;

function single<Value>(row: Row<Value>): Single<Value> {
  return { ...row, isList: false, isSecret: false };
}

/** Not for a flag: the list of processes shows those to everybody (T43). */
function secret<Value>(row: Row<Value>): Single<Value> {
  return { ...row, isList: false, isSecret: true };
}

function list<Value>(row: Row<Value>): List<Value> {
  return { ...row, isList: true, isSecret: false };
}

const listenWants = "an IP address and a port, as 127.0.0.1:8080 or [::1]:8080";
const networkWants = "a network or an address, as 10.0.0.0/8, 2001:db8::/32 or 192.0.2.7";

/** A day: a name that points elsewhere for longer than that is not dynamic. */
const ttlSecondsMax = 86_400;
/** RFC 2308 §5: one to three hours work well; a day and more has proved a problem. */
const negativeTtlSecondsMax = 3_600;

export const options = {
  data: single({
    doc: "The folder that holds everything: the database and the keys. Back up this folder.",
    fallback: "./nameward-data",
    wants: "a path",
    placeholder: "DIR",
    parse: parsePath,
  }),
  store: single({
    doc: "The database. A path, or sqlite:PATH.",
    fallback: "{data}/nameward.db",
    wants: "a path, or sqlite:PATH",
    placeholder: "URL",
    parse: parseStoreUrl,
  }),
  web: single<ListenAddress>({
    doc: "Where the status page, /healthz and /metrics are served.",
    fallback: "127.0.0.1:8080",
    wants: listenWants,
    placeholder: "ADDRESS:PORT",
    parse: parseListenAddress,
  }),
  webTls: list<ListenAddress>({
    doc: "Where the same is served over HTTPS. Needs tlsCertificates and tlsKeys. None: nowhere; put a proxy in front.",
    fallback: "",
    wants: listenWants,
    placeholder: "ADDRESS:PORT,…",
    parse: parseListenAddress,
  }),
  publicUrl: single({
    doc: "The URL under which people reach the dashboard, as it stands in links and is checked when a browser changes something. Set it where a proxy is in front. Empty: the address a request came to.",
    fallback: "",
    wants: "scheme, host and port of a URL, as https://names.example.net",
    placeholder: "URL",
    parse: parsePublicUrl,
  }),
  allowSharedOrigin: single({
    doc: "Start although publicUrl is above, below or beside a public zone in which other people have hosts. A browser takes such a host for the same site as the dashboard.",
    fallback: "no",
    wants: "yes or no",
    placeholder: "YES",
    parse: oneOf("yes", "no"),
  }),
  smtpUrl: secret({
    doc: "The mail server that takes what is sent to people. Give it in the environment or the file: everybody on the machine can read a flag. Empty: no mail is sent.",
    fallback: "",
    wants: "a URL, as smtps://name:password@mail.example.net or smtp://127.0.0.1:25",
    placeholder: "URL",
    parse: parseSmtpUrl,
  }),
  mailFrom: single({
    doc: "The address that mails are from.",
    fallback: "",
    wants: "a mail address, as dns@example.net",
    placeholder: "ADDRESS",
    parse: parseMailFrom,
  }),
  webhookNetworks: list<Cidr>({
    doc: "Networks of yours that webhooks may go to, also over plain HTTP and at any port. Others must be public, over https at port 443 or 8443.",
    fallback: "",
    wants: networkWants,
    placeholder: "CIDR,…",
    parse: parseNetwork,
  }),
  devices: list<ListenAddress>({
    doc: "Where devices send their updates, over plain HTTP. In production ports 80 and 8245.",
    fallback: "127.0.0.1:8245",
    wants: listenWants,
    placeholder: "ADDRESS:PORT,…",
    parse: parseListenAddress,
  }),
  devicesTls: list<ListenAddress>({
    doc: "Where devices send their updates over HTTPS. In production port 443, on an address of its own. Needs tlsCertificates and tlsKeys.",
    fallback: "",
    wants: listenWants,
    placeholder: "ADDRESS:PORT,…",
    parse: parseListenAddress,
  }),
  tlsCertificates: list({
    doc: "Certificate chains in PEM, the server's own first. An RSA one beside an ECDSA one serves old devices too. Read again when the files change.",
    fallback: "",
    wants: "a path",
    placeholder: "FILE,…",
    parse: parsePath,
  }),
  tlsKeys: list({
    doc: "Private keys in PEM, one for each of tlsCertificates, in the same order.",
    fallback: "",
    wants: "a path",
    placeholder: "FILE,…",
    parse: parsePath,
  }),
  gnudip: list<ListenAddress>({
    doc: "Where GnuDIP is spoken over TCP, for routers that have it. Its port is 3495. None: nowhere.",
    fallback: "",
    wants: listenWants,
    placeholder: "ADDRESS:PORT,…",
    parse: parseListenAddress,
  }),
  ods: list<ListenAddress>({
    doc: "Where ODS is spoken over TCP. Its port is 7070. None: nowhere.",
    fallback: "",
    wants: listenWants,
    placeholder: "ADDRESS:PORT,…",
    parse: parseListenAddress,
  }),
  meibu: list<ListenAddress>({
    doc: "Where datagrams of Meibu recorders are answered, over UDP. Its port is 9813. Passwords come in clear text. None: nowhere.",
    fallback: "",
    wants: listenWants,
    placeholder: "ADDRESS:PORT,…",
    parse: parseListenAddress,
  }),
  dns: list<ListenAddress>({
    doc: "Where DNS is answered, over UDP and TCP. In production port 53.",
    fallback: "127.0.0.1:5353",
    wants: listenWants,
    placeholder: "ADDRESS:PORT,…",
    parse: parseListenAddress,
  }),
  dnsMemoryMiB: single({
    doc: "The most memory that the names served over DNS may take, in MiB. It is reserved, not used, until there are names.",
    fallback: "1024",
    wants: "a whole number of MiB from 16 to 4095",
    placeholder: "MIB",
    parse: wholeNumber(16, 4_095),
  }),
  dnsThreads: single({
    doc: "Threads that answer DNS over UDP. One answers more than a hundred thousand questions a second; more than processors help nobody.",
    fallback: "1",
    wants: "a whole number from 1 to 16",
    placeholder: "N",
    parse: wholeNumber(1, 16),
  }),
  dnsUdp: single({
    doc: "How datagrams are read: batched is many a system call, where the system has that (Linux); portable is one by one.",
    fallback: "batched",
    wants: "batched or portable",
    placeholder: "HOW",
    parse: oneOf("batched", "portable"),
  }),
  dnsServerId: single({
    doc: "Which of several servers this is: told to who asks for NSID, id.server or hostname.bind. Empty: nothing is told.",
    fallback: "",
    wants: `at most ${serverNameCharactersMax} printable ASCII characters`,
    placeholder: "TEXT",
    parse: parseServerText,
  }),
  dnsVersion: single({
    doc: "What is told to who asks for version.bind or version.server. Empty: nothing is told.",
    fallback: "",
    wants: `at most ${serverNameCharactersMax} printable ASCII characters`,
    placeholder: "TEXT",
    parse: parseServerText,
  }),
  dnsRateLimit: single({
    doc: "DNS answers a second over UDP to one IPv4 /24 or IPv6 /56, so that forged questions make us flood nobody. Five seconds of it may come at once. Who has a DNS cookie or comes over TCP is not counted. 0: no limit.",
    fallback: "200",
    wants: "a whole number from 0 to 1000000",
    placeholder: "N",
    parse: wholeNumber(0, 1_000_000),
  }),
  dnsRateLimitSlip: single({
    doc: "Above the limit every so manieth question is answered with TC, which sends a resolver to TCP, and the others are not answered. 0: none is answered.",
    fallback: "1",
    wants: "a whole number from 0 to 10",
    placeholder: "N",
    parse: wholeNumber(0, 10),
  }),
  dnsRateLimitExempt: list<Cidr>({
    doc: "Networks whose resolvers have no such limit.",
    fallback: "127.0.0.0/8,::1/128",
    wants: networkWants,
    placeholder: "CIDR,…",
    parse: parseNetwork,
  }),
  dnsTcpConnectionsMax: single({
    doc: "Open DNS connections over TCP. Above it a new one is closed at once.",
    fallback: "1000",
    wants: "a whole number from 1 to 100000",
    placeholder: "N",
    parse: wholeNumber(1, 100_000),
  }),
  dnsTcpConnectionsPerAddressMax: single({
    doc: "Open DNS connections from one IPv4 address or one IPv6 /64.",
    fallback: "100",
    wants: "a whole number from 1 to 100000",
    placeholder: "N",
    parse: wholeNumber(1, 100_000),
  }),
  dnsSignatureMemoryMiB: single({
    doc: "The most memory that signatures of signed zones may take, in MiB: about 10,000 signatures each. It is reserved, not used, until there are some; what does not fit is signed again when it is asked for.",
    fallback: "64",
    wants: "a whole number of MiB from 1 to 2048",
    placeholder: "MIB",
    parse: wholeNumber(1, 2_048),
  }),
  trustedProxies: list<Cidr>({
    doc: "Proxies in front of the device and web listeners. What they say in X-Forwarded-For about the caller's address is believed; nobody else is.",
    fallback: "",
    wants: networkWants,
    placeholder: "CIDR,…",
    parse: parseNetwork,
  }),
  metricsFrom: list<Cidr>({
    doc: "Who may read /metrics.",
    fallback: "127.0.0.0/8,::1/128",
    wants: networkWants,
    placeholder: "CIDR,…",
    parse: parseNetwork,
  }),
  hostTtlSeconds: single({
    doc: "How long resolvers may keep an answer about a host. Lower follows a moving address faster.",
    fallback: "60",
    wants: `a whole number of seconds from 1 to ${ttlSecondsMax}`,
    placeholder: "SECONDS",
    parse: wholeNumber(1, ttlSecondsMax),
  }),
  negativeTtlSeconds: single({
    doc: "How long resolvers may keep the answer that a name or type does not exist. Written into the SOA of zones made from now on.",
    fallback: "60",
    wants: `a whole number of seconds from 1 to ${negativeTtlSecondsMax}`,
    placeholder: "SECONDS",
    parse: wholeNumber(1, negativeTtlSecondsMax),
  }),
  nameServers: list({
    doc: "Names of the name servers, written into the SOA and NS records of zones made from now on. None: ns1 in the zone itself.",
    fallback: "",
    wants: "a full host name, as ns1.example.net",
    placeholder: "NAME,…",
    parse: parseServerName,
  }),
  changeBudgetBurst: single({
    doc: "How many changes of a host in a public zone are published at once. Above it changes are kept, and the newest is published when the budget allows.",
    fallback: "60",
    wants: "a whole number from 1 to 1000000",
    placeholder: "N",
    parse: wholeNumber(1, 1_000_000),
  }),
  changeBudgetRefillSeconds: single({
    doc: "After how long a host in a public zone may change once more.",
    fallback: "10",
    wants: "a whole number of seconds from 1 to 86400",
    placeholder: "SECONDS",
    parse: wholeNumber(1, 86_400),
  }),
  deviceConnectionsMax: single({
    doc: "Open connections of devices. Above it a new one is closed at once.",
    fallback: "10000",
    wants: "a whole number from 1 to 1000000",
    placeholder: "N",
    parse: wholeNumber(1, 1_000_000),
  }),
  deviceConnectionsPerAddressMax: single({
    doc: "Open connections of devices from one IPv4 address or one IPv6 /64. Many devices can stand behind one address.",
    fallback: "1000",
    wants: "a whole number from 1 to 1000000",
    placeholder: "N",
    parse: wholeNumber(1, 1_000_000),
  }),
  adapterFiles: list({
    doc: "YAML files with rules of yours for devices that no built-in rule knows, one a file, for those who keep their configuration in files. They are always in force. See docs/adapters.md.",
    fallback: "",
    wants: "the path of a YAML file",
    placeholder: "FILE,…",
    parse: parsePath,
  }),
  deviceConnectionsHeldMax: single({
    doc: "How many answers may be held back for up to 25 seconds at a time, on each listener. Some recorders repeat a request that failed every second, for ever; a held answer slows them. 0: none.",
    fallback: "1000",
    wants: "a whole number from 0 to 100000",
    placeholder: "N",
    parse: wholeNumber(0, 100_000),
  }),
  logLevel: single({
    doc: "The least important lines that are logged.",
    fallback: "info",
    wants: "debug, info, warn or error",
    placeholder: "LEVEL",
    parse: oneOf("debug", "info", "warn", "error"),
  }),
  logFormat: single({
    doc: "How log lines look: JSON objects, or text for people. auto is text on a terminal, JSON otherwise.",
    fallback: "auto",
    wants: "auto, json or text",
    placeholder: "FORMAT",
    parse: oneOf("auto", "json", "text"),
  }),
} as const satisfies Record<string, Option<unknown>>;

export type OptionName = keyof typeof options;
export const optionNames = Object.keys(options) as readonly OptionName[];

/** What the program runs with. Follows from the table: there is no second list of settings. */
export type Config = {
  readonly [Name in OptionName]: (typeof options)[Name] extends List<infer Value>
    ? readonly Value[]
    : (typeof options)[Name] extends Single<infer Value>
      ? Value
      : never;
};

/** Members of one list. Far more than a machine has addresses or a fleet has proxies. */
export const listMembersMax = 256;

/** `hostTtlSeconds` is `--host-ttl-seconds`, and `dnsMemoryMiB` is `--dns-memory-mib`. */
export function flagOf(name: string): string {
  const words = name.replace("MiB", "Mib").replace(/[A-Z]/g, (letter) => `-${letter}`);
  return `--${words.toLowerCase()}`;
}

/** `hostTtlSeconds` is `NAMEWARD_HOST_TTL_SECONDS`. */
export function variableOf(name: string): string {
  return `NAMEWARD_${flagOf(name).slice(2).replaceAll("-", "_").toUpperCase()}`;
}
