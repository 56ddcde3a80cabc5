import { expect, test } from "bun:test";
import { isPagePath, makeDashboard } from "./dashboard.ts";
import type { PageFile } from "./dashboard.ts";

const dashboard = makeDashboard();
const files = await dashboard();
const find = (ending: string): readonly [string, PageFile] => {
  const found = [...files].find(([path]) => path.endsWith(ending));
  if (found === undefined) throw new Error(`No file of the dashboard ends with ${ending}`);
  return found;
};

test("the script that a browser loads is below 150 KB compressed", () => {
  const [, { gzipped, octets }] = find(".js");
  expect(octets.length).toBeGreaterThan(20_000); // a bundle of nothing would be small too
  expect(gzipped.length).toBeLessThan(150_000);
});

test("the page names its script and its style by what is in them, and holds none itself", () => {
  const page = new TextDecoder().decode(find("/")[1].octets);
  expect(page).toContain(`src="${find(".js")[0]}"`);
  expect(page).toContain(`href="${find(".css")[0]}"`);
  expect(page).not.toMatch(/<script[^>]*>[^<]|<style|\bon\w+=|\bstyle=/);
});

test("the script asks for no sink that trusted types forbid", () => {
  const script = new TextDecoder().decode(find(".js")[1].octets);
  // Preact's own way in is `dangerouslySetInnerHTML`, and no page of ours takes it.
  expect(script).not.toMatch(/\beval\(|new Function\(|document\.write|insertAdjacentHTML/);
});

test("colours follow the mode as they were written", () => {
  expect(new TextDecoder().decode(find(".css")[1].octets)).toContain("light-dark(");
});

test("the bundle is made once", async () => {
  expect(await dashboard()).toBe(files);
});

for (const [path, isPage] of [
  ["/", true],
  ["/hosts", true],
  ["/hosts/cam.dyn.test/guide", true],
  ["/admin/zones", true],
  ["/hostsx", false],
  ["/no-such-page", false],
  ["/assets/x.js", false],
] as const) {
  test(`${path} is ${isPage ? "a" : "no"} page`, () => {
    expect(isPagePath(path)).toBe(isPage);
  });
}
