/** The colours that an operator may set: what ours are, and what the style sheet is told in their place. */

export const schemes = ["light", "dark"] as const;
export type Scheme = (typeof schemes)[number];
type Shades = Readonly<Record<Scheme, string>>;

interface BrandColour extends Shades {
  /** Of the style sheet; `light` and `dark` are what it has there, which a test compares. */
  readonly property: string;
}

/** By their names in the settings; nothing else of the style sheet can be reached. */
export const brandColours = {
  accent: { property: "--accent", light: "#006f49", dark: "#4fcb9c" },
  "accent-text": { property: "--on-accent", light: "#f9fdfb", dark: "#011c11" },
  background: { property: "--paper", light: "#f6f9fb", dark: "#101419" },
  surface: { property: "--card", light: "#ffffff", dark: "#181e23" },
  text: { property: "--ink", light: "#1a222b", dark: "#e7ecf0" },
  good: { property: "--good", light: "#006e3b", dark: "#63d18f" },
  warning: { property: "--quiet", light: "#8a5600", dark: "#edbb64" },
  bad: { property: "--silent", light: "#b32322", dark: "#fa8880" },
} as const satisfies Record<string, BrandColour>;

export type BrandColourName = keyof typeof brandColours;
export const brandColourNames = Object.keys(brandColours) as readonly BrandColourName[];

/** Of one setting: `#rrggbb` for both themes, or two of them. Undefined: ours. */
export function readShades(text: string): Shades | undefined {
  const [light = "", dark = light] = text.split(" ");
  return light === "" ? undefined : { light, dark };
}

/** Custom properties in place of ours. Softer text and lines follow from text and background where those are others. */
export function brandProperties(colours: Readonly<Record<string, string>>): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const name of brandColourNames) {
    const shades = readShades(colours[name] ?? "");
    if (shades !== undefined)
      properties[brandColours[name].property] = `light-dark(${shades.light}, ${shades.dark})`;
  }
  if ("--ink" in properties || "--paper" in properties || "--card" in properties)
    for (const [property, percent] of mixed)
      properties[property] = `color-mix(in oklab, var(--ink) ${percent}%, var(--paper))`;
  return properties;
}

/** How much of the text's colour each has. */
const mixed = [
  ["--soft", 76],
  ["--edge", 55],
  ["--line", 16],
] as const;

/** All that `brandProperties` may set. */
export const brandPropertyNames: readonly string[] = [
  ...Object.values(brandColours).map(({ property }) => property),
  ...mixed.map(([property]) => property),
];
