/** How well one colour is read on another (WCAG 2.2, 1.4.3). */

/** From 1 to 21, of two `#rrggbb`. */
export function contrastRatio(one: string, other: string): number {
  const [dim, bright] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return ((bright ?? 0) + 0.05) / ((dim ?? 0) + 0.05);
}

/** Text of usual size needs so much. */
export const contrastNeeded = 4.5;

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
