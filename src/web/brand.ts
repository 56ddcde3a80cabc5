/** The operator's name and colours, put over our own. */

export interface Brand {
  readonly name: string;
  readonly hasLogo: boolean;
  readonly colours: Readonly<Record<string, string>>;
}

/** Custom properties of the style sheet with the same names; others would reach into it. */
export const brandColours = [
  "accent",
  "on-accent",
  "paper",
  "card",
  "ink",
  "soft",
  "line",
  "focus",
] as const;

export function applyBrand(brand: Brand): void {
  document.title = brand.name;
  for (const name of brandColours) {
    const value = brand.colours[name];
    if (value === undefined) document.documentElement.style.removeProperty(`--${name}`);
    else document.documentElement.style.setProperty(`--${name}`, value);
  }
}
