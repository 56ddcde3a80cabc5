/**
 * The words of services that have one for a whole request. Words of failures hold none of `ok`, `good`, `true`,
 * `updated` and `success`, which careless clients search for in any case and anywhere.
 */

import type { Reached } from "../../core/update.ts";
import type { Words } from "./one-word.ts";

/** ez-ipupdate, ddclient, inadyn, Tomato. The line end belongs to the word: ez-ipupdate looks for `NOERROR\n`. */
const easydns: Words = {
  changed: "NOERROR\n",
  unchanged: "NOERROR\n",
  badCredentials: "NO_AUTH\n",
  badCredentialsStatus: 401,
  unknownHost: "ILLEGAL INPUT\n",
  notAFullName: "NOSERVICE\n",
  tooManyHosts: "ILLEGAL INPUT\n",
  badAddress: "ILLEGAL INPUT\n",
  blocked: "NOSERVICE\n",
  tryLater: "ERROR\n",
};

/** What looks like a status line is part of the body: inadyn and rt-n56u read the code behind the first line end. */
const dnsexitLine = "HTTP/1.1 200 OK\n";

/** ddclient takes the first `number=text` of the reply, and of the numbers 0 and 1. */
const dnsexit: Words = {
  changed: `${dnsexitLine}0=Success`,
  unchanged: `${dnsexitLine}1=IP is the same`,
  badCredentials: `${dnsexitLine}2=Invalid password`,
  badCredentialsStatus: 200,
  unknownHost: `${dnsexitLine}11=fail to find host`,
  notAFullName: `${dnsexitLine}11=fail to find host`,
  tooManyHosts: `${dnsexitLine}11=too many hosts`,
  badAddress: `${dnsexitLine}11=invalid IP`,
  blocked: `${dnsexitLine}10=host is held`,
  tryLater: `${dnsexitLine}4=Update too often`,
};

/** DNS Made Easy: ddclient reads the last line, inadyn looks for the words. */
const dme: Words = {
  changed: "success",
  unchanged: "error-record-ip-same",
  badCredentials: "error-auth",
  badCredentialsStatus: 200,
  unknownHost: "error-record-invalid",
  notAFullName: "error-record-invalid",
  tooManyHosts: "error-record-invalid",
  badAddress: "error-record-invalid",
  blocked: "error-auth-voided",
  tryLater: "error-system",
};

/** Sitelutions: ddclient and inadyn know `success` alone. */
const wordSuccess: Words = { ...dme, unchanged: "success" };

/** ez-ipupdate reads the number and the first word behind it, in a reply that is 200 itself. */
const dyns: Words = {
  changed: "200 Host updated",
  unchanged: "200 Host updated",
  badCredentials: "401 User not authenticated",
  badCredentialsStatus: 200,
  unknownHost: "405 Hostname not found",
  notAFullName: "405 Hostname not found",
  tooManyHosts: "400 Bad Request",
  badAddress: "400 Bad Request",
  blocked: "400 Bad Request",
  tryLater: "400 Bad Request",
};

/** hn.org: 203 and 204 end ez-ipupdate for good, 202 does not. */
const hn: Words = {
  changed: "DDNS_Response_code=101",
  unchanged: "DDNS_Response_code=101",
  badCredentials: "DDNS_Response_code=401",
  badCredentialsStatus: 401,
  unknownHost: "DDNS_Response_code=203",
  notAFullName: "DDNS_Response_code=203",
  tooManyHosts: "DDNS_Response_code=203",
  badAddress: "DDNS_Response_code=202",
  blocked: "DDNS_Response_code=204",
  tryLater: "DDNS_Response_code=202",
};

/** Key-Systems, Moniker, domaindiscount24: ddclient looks for `code = 200`, inadyn for `success`. */
const keysys: Words = {
  changed: printKeysys(200, "success"),
  unchanged: printKeysys(200, "success"),
  badCredentials: printKeysys(531, "Authorization failed"),
  badCredentialsStatus: 200,
  unknownHost: printKeysys(545, "Entity reference not found"),
  notAFullName: printKeysys(545, "Entity reference not found"),
  tooManyHosts: printKeysys(541, "Invalid attribute value"),
  badAddress: printKeysys(541, "Invalid attribute value"),
  blocked: printKeysys(549, "Command failed"),
  tryLater: printKeysys(421, "Command failed due to server error"),
};

function printKeysys(code: number, description: string): string {
  return `[RESPONSE]\ncode = ${code}\ndescription = ${description}`;
}

/**
 * ddclient takes `Done=true` for success whatever stands beside it. A wrong password has that line as well, so it
 * is a 401, into which ddclient does not look; other failures leave the line out.
 */
const enom: Words = {
  changed: printEnom,
  unchanged: printEnom,
  badCredentials: "ErrCount=1\nErr1=Passwords do not match\nDone=true",
  badCredentialsStatus: 401,
  unknownHost: "ErrCount=1\nErr1=Domain name not found",
  notAFullName: "ErrCount=1\nErr1=Domain name not found",
  tooManyHosts: "ErrCount=1\nErr1=Too many hosts",
  badAddress: "ErrCount=1\nErr1=Invalid address",
  blocked: "ErrCount=1\nErr1=Host is held",
  tryLater: "ErrCount=1\nErr1=Try later",
};

function printEnom({ addresses }: Reached): string {
  return `IP=${addresses.join(",")}\nErrCount=0\nDone=true`;
}

/** As dyndns has them, but for names that are none. */
const refusals = {
  badCredentials: "badauth",
  badCredentialsStatus: 401,
  unknownHost: "nohost",
  notAFullName: "nohost",
  tooManyHosts: "nohost",
  badAddress: "dnserr",
  blocked: "abuse",
  tryLater: "dnserr",
} as const;

/** DuiaDNS: inadyn looks for `Hostname `, which its page of results has in front of the name. */
const duia: Words = { ...refusals, changed: printHostname, unchanged: printHostname };

function printHostname({ name, addresses }: Reached): string {
  const result = addresses.length === 0 ? "good" : `good ${addresses.join(",")}`;
  return `${result}\nHostname ${name}`;
}

/** ddnss.de: inadyn looks for `Updated` or `No change`. */
const ddnss: Words = {
  ...refusals,
  changed: (_, hosts) => (hosts === 1 ? "Updated 1 hostname." : `Updated ${hosts} hostnames.`),
  unchanged: "No change",
};

/** As dnspark published them; IPFire, ddupdate and IPCop compare the whole body. */
const dnspark: Words = {
  changed: "ok",
  unchanged: "nochange",
  badCredentials: "unauth",
  badCredentialsStatus: 401,
  unknownHost: "nohost",
  notAFullName: "nofqdn",
  tooManyHosts: "nofqdn",
  badAddress: "nofqdn",
  blocked: "abuse",
  tryLater: "error",
};

/** Hurricane Electric's tunnel end points: clients look for `+OK`, and for `abuse` in an error. */
const tunnelBroker: Words = {
  changed: printEndpoint,
  unchanged: printEndpoint,
  badCredentials: "-ERROR: Invalid API key or password",
  badCredentialsStatus: 401,
  unknownHost: "-ERROR: Invalid tunnel ID",
  notAFullName: "-ERROR: Invalid tunnel ID",
  tooManyHosts: "-ERROR: Invalid tunnel ID",
  badAddress: "-ERROR: Invalid IP address",
  blocked: "-ERROR: abuse",
  tryLater: "-ERROR: Try later",
};

function printEndpoint({ addresses }: Reached): string {
  return `+OK: Tunnel endpoint updated to: ${addresses.join(",")}`;
}

/** justlinux.com: ez-ipupdate looks for ` set `, in nothing but a 200. */
const justlinux: Words = {
  changed: printSet,
  unchanged: printSet,
  badCredentials: "bad user or password",
  badCredentialsStatus: 401,
  unknownHost: "no such host",
  notAFullName: "no such host",
  tooManyHosts: "too many hosts",
  badAddress: "bad address",
  blocked: "host is held",
  tryLater: "try later",
};

function printSet({ addresses }: Reached): string {
  return `host set to ${addresses.join(",")}`;
}

/** ddo.jp: scripts look for `SUCCESS: ` and the name. */
const ddo: Words = {
  changed: printSuccessOf,
  unchanged: printSuccessOf,
  badCredentials: "FAIL: password",
  badCredentialsStatus: 200,
  unknownHost: "FAIL: domain",
  notAFullName: "FAIL: domain",
  tooManyHosts: "FAIL: domain",
  badAddress: "FAIL: ip",
  blocked: "FAIL: held",
  tryLater: "FAIL: later",
};

function printSuccessOf({ name }: Reached): string {
  return `SUCCESS: ${name}`;
}

export const vendorWords = {
  ddnss,
  ddo,
  dme,
  dnsexit,
  dnspark,
  duia,
  dyns,
  easydns,
  enom,
  hn,
  justlinux,
  keysys,
  "tunnel-broker": tunnelBroker,
  "word-success": wordSuccess,
} as const satisfies Record<string, Words>;
