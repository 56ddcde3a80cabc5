/** What a system is given to run the client. */

import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serviceUnit, windowsNotes } from "./service-units.ts";

const given = { program: "/usr/local/bin/nameward", configFile: "/etc/nameward/client.yaml" };

test("systemd's own check finds nothing wrong with the unit", () => {
  const verifier = Bun.which("systemd-analyze");
  const { text } = serviceUnit("linux", { ...given, program: process.execPath })!;
  if (verifier === null) {
    expect(text).toContain("DynamicUser=yes");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "nameward-unit-"));
  try {
    const verify = (unit: string): string => {
      writeFileSync(join(folder, "nameward-client.service"), unit);
      const ran = Bun.spawnSync([verifier, "verify", join(folder, "nameward-client.service")]);
      return ran.stderr.toString();
    };
    const mine = (said: string): readonly string[] =>
      said.split("\n").filter((line) => line.includes("nameward-client.service:"));
    expect(mine(verify(text))).toEqual([]);
    expect(mine(verify(text.replace("DynamicUser=yes", "DynamicUzer=yes")))).not.toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a plist holds the words of the command, with what XML needs", () => {
  const { text } = serviceUnit("darwin", { ...given, configFile: "/a & b/<c>.yaml" })!;
  expect(text).toContain("<string>/a &amp; b/&lt;c&gt;.yaml</string>");
});

test("Windows gets words to type, and other systems nothing", () => {
  expect(serviceUnit("win32", given)).toBeUndefined();
  expect(windowsNotes(given).join("\n")).toContain("schtasks /Create");
  expect(serviceUnit("plan9", given)).toBeUndefined();
});
