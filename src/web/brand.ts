/** The operator's name and colours, put over our own. */

import { brandProperties, brandPropertyNames } from "./palette.ts";

export interface Brand {
  readonly name: string;
  readonly hasLogo: boolean;
  readonly colours: Readonly<Record<string, string>>;
}

export function applyBrand(brand: Brand): void {
  document.title = brand.name;
  const { style } = document.documentElement;
  const properties = brandProperties(brand.colours);
  for (const property of brandPropertyNames) {
    const value = properties[property];
    if (value === undefined) style.removeProperty(property);
    else style.setProperty(property, value);
  }
}
