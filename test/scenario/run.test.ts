import { expect, test } from "bun:test";
import { Glob } from "bun";
import { root } from "../../tools/step.ts";
import { readScenario } from "./parse-scenario.ts";
import { play } from "./play.ts";

const playMs = 240_000;
const folder = "test/scenario/";
const files = [...new Glob("*.txt").scanSync(root + folder)].sort();

test("there are scenarios", () => {
  expect(files.length).toBeGreaterThan(10);
});

for (const file of files) {
  const text = await Bun.file(root + folder + file).text();
  test(
    `${file.replace(/\.txt$/, "").replaceAll("-", " ")}`,
    async () => {
      expect(await play(readScenario(folder + file, text))).toEqual([]);
    },
    playMs,
  );
}

// Negative control: everything here is expected wrongly, and each line must be told.
const wrong = `given  zone example.test, account alice with host home.example.test
http   GET /nic/update?hostname=home.example.test&myip=192.0.2.7   as alice
       200 good 192.0.2.8
http   GET /nic/update?hostname=home.example.test&myip=192.0.2.7   as alice
       503 nochg 192.0.2.7
http   GET /ipcheck.aspx
       200 127.0.0.1
       header Connection: keep-alive
http   GET /ipcheck.aspx
       200
       has 127.0.0.2
dns    home.example.test A
       NOERROR aa   home.example.test. 60 A 192.0.2.8
dns    home.example.test A
       NOERROR aa   home.example.test. 61 A 192.0.2.7
dns    home.example.test A
       NOERROR aa
dns    home.example.test A
       NOERROR   home.example.test. 60 A 192.0.2.7
dns    other.example.test A
       NOERROR aa
dns    home.example.test AAAA
       NOERROR aa   authority: example.test. NS
run    host show nothing.example.test
       exit 0
`;

test(
  "what comes out otherwise than a scenario says is told, line by line",
  async () => {
    const faults = await play(readScenario("wrong.txt", wrong));
    const lines = new Set(faults.map((fault) => Number(fault.split(":")[1])));
    expect([...lines]).toEqual([2, 4, 6, 9, 12, 14, 16, 18, 20, 22, 24]);
  },
  playMs,
);
