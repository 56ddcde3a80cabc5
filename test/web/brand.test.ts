/** What the pages make of the operator's colours and mail texts, without a browser. */

import { readFileSync } from "node:fs";
import { expect, test } from "bun:test";
import { mailTexts, renderMail } from "../../src/core/mail-texts.ts";
import { colourNames } from "../../src/core/runtime-settings.ts";
import { brandColourNames, brandColours, brandProperties } from "../../src/web/palette.ts";
import { contrastRatio } from "../../src/web/contrast.ts";
import { previewMail } from "../../src/web/mail-preview.ts";
import { root } from "../../tools/step.ts";

// The values of WebAIM's contrast checker.
for (const [one, other, ratio] of [
  ["#000000", "#ffffff", 21],
  ["#ffffff", "#ffffff", 1],
  ["#777777", "#ffffff", 4.48],
  ["#0000ff", "#ffffff", 8.59],
] as const) {
  test(`${one} on ${other} has a contrast of ${ratio}`, () => {
    expect(contrastRatio(one, other)).toBeCloseTo(ratio, 2);
    expect(contrastRatio(other, one)).toBeCloseTo(ratio, 2);
  });
}

test("the pages know every colour of the settings", () => {
  expect(brandColourNames).toEqual([...colourNames]);
});

test("one colour is for both themes, two are for light and dark, and others reach nothing", () => {
  expect(brandProperties({ accent: "#102030", good: "#405060 #708090", round: "9px" })).toEqual({
    "--accent": "light-dark(#102030, #102030)",
    "--good": "light-dark(#405060, #708090)",
  });
  expect(Object.keys(brandProperties({ text: "#000000" })).toSorted()).toEqual([
    "--edge",
    "--ink",
    "--line",
    "--soft",
  ]);
});

/** Björn Ottosson's matrices: OKLCH as the style sheet has it, to `#rrggbb`. */
function hexOf(lightness: number, chroma: number, hue: number): string {
  const angle = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channels = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const hex = channels.map((linear) => {
    const held = Math.min(1, Math.max(0, linear));
    const value = held <= 0.0031308 ? 12.92 * held : 1.055 * held ** (1 / 2.4) - 0.055;
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${hex.join("")}`;
}

test("what the brand page takes for our colours is what the style sheet has", () => {
  const style = readFileSync(`${root}src/web/style.css`, "utf8");
  let looked = 0;
  for (const { property, light, dark } of Object.values(brandColours)) {
    const written = new RegExp(
      `^ *${property}: light-dark\\(oklch\\((.*?)\\), oklch\\((.*?)\\)\\)`,
      "m",
    );
    const found = written.exec(style);
    const shades = [found?.[1], found?.[2]].map((text) => {
      const [lightness = 0, chroma = 0, hue = 0] = (text ?? "").split(" ").map(Number);
      return hexOf(lightness, chroma, hue);
    });
    expect([property, ...shades]).toEqual([property, light, dark]);
    looked++;
  }
  expect(looked).toBe(8);
});

test("a mail is shown as it is sent", () => {
  const values = { brand: "Camera DNS", by: "ada", link: "https://x/", until: "noon" };
  for (const { text } of Object.values(mailTexts)) {
    const sent = renderMail(text, { host: "h", detail: "d", ...values });
    const shown = previewMail(text, { host: "h", detail: "d", ...values });
    expect({ ...shown, text: `${shown.text}\n` }).toEqual({ ...sent });
  }
  expect(previewMail("A {strange} thing\n\n{link}", values).subject).toBe("A {strange} thing");
});
