import { expect, test } from "bun:test";
import { dnsHelp, parseDnsArguments, serverNames } from "./dns-arguments.ts";
import { dnsCases } from "./dns-cases.ts";

const all = dnsCases.map(({ name }) => name);

const choices = [
  [[], { isQuick: false, servers: serverNames, cases: all }],
  [["--quick"], { isQuick: true, servers: serverNames, cases: all }],
  [["--only=knotd,nameward"], { isQuick: false, servers: ["nameward", "knotd"], cases: all }],
  [["--case=nxdomain", "--quick"], { isQuick: true, servers: serverNames, cases: ["nxdomain"] }],
] as const;

for (const [given, choice] of choices) {
  test(`"${given.join(" ")}" is understood`, () => {
    expect(parseDnsArguments(given)).toEqual({ kind: "choice", ...choice });
  });
}

const mistakes = [
  ["--fast", `"--fast" is not understood`],
  ["knotd", `"knotd" is not understood`],
  ["--quick=no", "--quick takes no value"],
  ["--only=unbound", `There is no server "unbound"`],
  ["--only=knotd,", `There is no server ""`],
  ["--case", `There is no case ""`],
] as const;

for (const [argument, why] of mistakes) {
  test(`"${argument}" is a mistake`, () => {
    expect(parseDnsArguments(["--quick", argument])).toEqual({ kind: "mistake", why });
  });
}

test("the help names every server and every case", () => {
  for (const name of [...serverNames, ...all]) expect(dnsHelp).toContain(name);
});
