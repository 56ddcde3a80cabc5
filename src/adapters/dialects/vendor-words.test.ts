import { describe, expect, test } from "bun:test";
import { hosts, outcomes, reached } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { updateDialects } from "../dialects.ts";
import { printInWords } from "./one-word.ts";
import { vendorWords } from "./vendor-words.ts";

type Name = keyof typeof vendorWords;

interface Row {
  readonly changed: string;
  readonly unchanged: string;
  readonly badCredentials: string;
  readonly unknownHost: string;
  readonly notAFullName: string;
  readonly badAddress: string;
  readonly blocked: string;
  readonly tooManyHosts: string;
  readonly later: string;
}

const address = "192.0.2.7";
const refused = {
  badCredentials: "401 badauth",
  unknownHost: "200 nohost",
  notAFullName: "200 nohost",
  badAddress: "200 dnserr",
  blocked: "200 abuse",
  tooManyHosts: "200 nohost",
  later: "503 dnserr",
};
const exit = "HTTP/1.1 200 OK\n";
const response = "[RESPONSE]\ncode = ";

/** Status and body. */
const rows: Readonly<Record<Name, Row>> = {
  easydns: {
    changed: "200 NOERROR\n",
    unchanged: "200 NOERROR\n",
    badCredentials: "401 NO_AUTH\n",
    unknownHost: "200 ILLEGAL INPUT\n",
    notAFullName: "200 NOSERVICE\n",
    badAddress: "200 ILLEGAL INPUT\n",
    blocked: "200 NOSERVICE\n",
    tooManyHosts: "200 ILLEGAL INPUT\n",
    later: "503 ERROR\n",
  },
  dnsexit: {
    changed: `200 ${exit}0=Success`,
    unchanged: `200 ${exit}1=IP is the same`,
    badCredentials: `200 ${exit}2=Invalid password`,
    unknownHost: `200 ${exit}11=fail to find host`,
    notAFullName: `200 ${exit}11=fail to find host`,
    badAddress: `200 ${exit}11=invalid IP`,
    blocked: `200 ${exit}10=host is held`,
    tooManyHosts: `200 ${exit}11=too many hosts`,
    later: `503 ${exit}4=Update too often`,
  },
  dme: {
    changed: "200 success",
    unchanged: "200 error-record-ip-same",
    badCredentials: "200 error-auth",
    unknownHost: "200 error-record-invalid",
    notAFullName: "200 error-record-invalid",
    badAddress: "200 error-record-invalid",
    blocked: "200 error-auth-voided",
    tooManyHosts: "200 error-record-invalid",
    later: "503 error-system",
  },
  "word-success": {
    changed: "200 success",
    unchanged: "200 success",
    badCredentials: "200 error-auth",
    unknownHost: "200 error-record-invalid",
    notAFullName: "200 error-record-invalid",
    badAddress: "200 error-record-invalid",
    blocked: "200 error-auth-voided",
    tooManyHosts: "200 error-record-invalid",
    later: "503 error-system",
  },
  dyns: {
    changed: "200 200 Host updated",
    unchanged: "200 200 Host updated",
    badCredentials: "200 401 User not authenticated",
    unknownHost: "200 405 Hostname not found",
    notAFullName: "200 405 Hostname not found",
    badAddress: "200 400 Bad Request",
    blocked: "200 400 Bad Request",
    tooManyHosts: "200 400 Bad Request",
    later: "503 400 Bad Request",
  },
  hn: {
    changed: "200 DDNS_Response_code=101",
    unchanged: "200 DDNS_Response_code=101",
    badCredentials: "401 DDNS_Response_code=401",
    unknownHost: "200 DDNS_Response_code=203",
    notAFullName: "200 DDNS_Response_code=203",
    badAddress: "200 DDNS_Response_code=202",
    blocked: "200 DDNS_Response_code=204",
    tooManyHosts: "200 DDNS_Response_code=203",
    later: "503 DDNS_Response_code=202",
  },
  keysys: {
    changed: `200 ${response}200\ndescription = success`,
    unchanged: `200 ${response}200\ndescription = success`,
    badCredentials: `200 ${response}531\ndescription = Authorization failed`,
    unknownHost: `200 ${response}545\ndescription = Entity reference not found`,
    notAFullName: `200 ${response}545\ndescription = Entity reference not found`,
    badAddress: `200 ${response}541\ndescription = Invalid attribute value`,
    blocked: `200 ${response}549\ndescription = Command failed`,
    tooManyHosts: `200 ${response}541\ndescription = Invalid attribute value`,
    later: `503 ${response}421\ndescription = Command failed due to server error`,
  },
  enom: {
    changed: `200 IP=${address}\nErrCount=0\nDone=true`,
    unchanged: `200 IP=${address}\nErrCount=0\nDone=true`,
    badCredentials: "401 ErrCount=1\nErr1=Passwords do not match\nDone=true",
    unknownHost: "200 ErrCount=1\nErr1=Domain name not found",
    notAFullName: "200 ErrCount=1\nErr1=Domain name not found",
    badAddress: "200 ErrCount=1\nErr1=Invalid address",
    blocked: "200 ErrCount=1\nErr1=Host is held",
    tooManyHosts: "200 ErrCount=1\nErr1=Too many hosts",
    later: "503 ErrCount=1\nErr1=Try later",
  },
  duia: {
    ...refused,
    changed: `200 good ${address}\nHostname cam1.example.test`,
    unchanged: `200 good ${address}\nHostname cam1.example.test`,
  },
  ddnss: {
    ...refused,
    changed: "200 Updated 1 hostname.",
    unchanged: "200 No change",
  },
  dnspark: {
    changed: "200 ok",
    unchanged: "200 nochange",
    badCredentials: "401 unauth",
    unknownHost: "200 nohost",
    notAFullName: "200 nofqdn",
    badAddress: "200 nofqdn",
    blocked: "200 abuse",
    tooManyHosts: "200 nofqdn",
    later: "503 error",
  },
  "tunnel-broker": {
    changed: `200 +OK: Tunnel endpoint updated to: ${address}`,
    unchanged: `200 +OK: Tunnel endpoint updated to: ${address}`,
    badCredentials: "401 -ERROR: Invalid API key or password",
    unknownHost: "200 -ERROR: Invalid tunnel ID",
    notAFullName: "200 -ERROR: Invalid tunnel ID",
    badAddress: "200 -ERROR: Invalid IP address",
    blocked: "200 -ERROR: abuse",
    tooManyHosts: "200 -ERROR: Invalid tunnel ID",
    later: "503 -ERROR: Try later",
  },
  justlinux: {
    changed: `200 host set to ${address}`,
    unchanged: `200 host set to ${address}`,
    badCredentials: "401 bad user or password",
    unknownHost: "200 no such host",
    notAFullName: "200 no such host",
    badAddress: "200 bad address",
    blocked: "200 host is held",
    tooManyHosts: "200 too many hosts",
    later: "503 try later",
  },
  ddo: {
    changed: "200 SUCCESS: cam1.example.test",
    unchanged: "200 SUCCESS: cam1.example.test",
    badCredentials: "200 FAIL: password",
    unknownHost: "200 FAIL: domain",
    notAFullName: "200 FAIL: domain",
    badAddress: "200 FAIL: ip",
    blocked: "200 FAIL: held",
    tooManyHosts: "200 FAIL: domain",
    later: "503 FAIL: later",
  },
};

function tableOf(name: Name): OutcomeTable {
  const row = rows[name];
  return {
    changed: row.changed,
    unchanged: row.unchanged,
    "no credentials": row.badCredentials,
    "bad credentials": row.badCredentials,
    "unknown host": row.unknownHost,
    "not a full name": row.notAFullName,
    "bad address": row.badAddress,
    blocked: row.blocked,
    "too many hosts": row.tooManyHosts,
    later: row.later,
    "one of two refused": row.unknownHost,
    "one of two changed": name === "ddnss" ? "200 Updated 2 hostnames." : row.changed,
  };
}

for (const name of Object.keys(vendorWords) as Name[]) {
  describe(`the words of ${name}`, () => {
    const print = printInWords(vendorWords[name]);
    const table = tableOf(name);
    for (const [title, outcome] of Object.entries(outcomes)) {
      test(title, () => {
        const { status, body, contentType } = print(outcome);
        expect(`${status} ${body}`).toBe(table[title as keyof OutcomeTable]);
        expect(contentType).toBe("text/plain");
      });
    }
  });
}

test("every table of words is a dialect", () => {
  expect(Object.keys(updateDialects)).toContainValues(Object.keys(vendorWords));
});

describe("no failure has a word that a careless search takes for success", () => {
  const mistaken = /ok|good|true|updated|success|nochg/i;
  /** Part of these dialects, whatever became of the request. */
  const grammar = /^HTTP\/1\.1 200 OK\n|\nDone=true$/;
  const successes = ["changed", "unchanged"];

  for (const [name, words] of Object.entries(vendorWords)) {
    const found = Object.entries(words).filter(
      ([kind, word]) =>
        typeof word === "string" &&
        mistaken.test(word.replace(grammar, "")) &&
        !successes.includes(kind),
    );
    test(name, () => expect(found).toEqual([]));
  }

  test("the search notices one", () => expect("badauth TOKEN").toMatch(mistaken));
});

test("both families stand in the order and spelling of the client", () => {
  const outcome = hosts(reached("changed", "2001:DB8::7", "192.0.2.7"));
  const bodies = (["duia", "enom", "tunnel-broker", "justlinux"] as const).map(
    (name) => printInWords(vendorWords[name])(outcome).body,
  );
  for (const body of bodies) expect(body).toContain("2001:DB8::7,192.0.2.7");
});

test("without addresses there is no blank behind good", () => {
  expect(printInWords(vendorWords.duia)(hosts(reached("changed"))).body).toStartWith("good\n");
});
