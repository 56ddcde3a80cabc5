/** The QR code of an authenticator app, read by another program. */

import { expect } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeModules } from "../../src/api/qr-code.ts";
import { testWith, tool } from "../debian.ts";

const texts = [
  "a",
  "otpauth://totp/Nameward:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Nameward",
  "x".repeat(600),
];

testWith(["zbarimg"], "zbar reads from our QR codes what was written", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nameward-qr-"));
  try {
    for (const text of texts) {
      const path = join(folder, "code.pbm");
      await Bun.write(path, printBitmap(makeModules(new TextEncoder().encode(text))));
      const read = Bun.spawnSync([tool("zbarimg")!, "-q", "--raw", path]);
      expect(read.stdout.toString().trim()).toBe(text);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Plain PBM, six pixels a module, with the quiet zone. */
function printBitmap(modules: readonly Uint8Array[]): string {
  const scale = 6;
  const quiet = 4;
  const side = (modules.length + 2 * quiet) * scale;
  const lines = Array.from({ length: side }, (_row, y) =>
    Array.from({ length: side }, (_column, x) => {
      const row = modules[Math.floor(y / scale) - quiet];
      return row?.[Math.floor(x / scale) - quiet] ?? 0;
    }).join(" "),
  );
  return `P1\n${side} ${side}\n${lines.join("\n")}\n`;
}
