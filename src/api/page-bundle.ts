/** Makes the pages' script and style from `src/web/`. The one-file program has the result in place of this file. */

export interface PageBundle {
  readonly script: string;
  readonly style: string;
}

const web = new URL("../web/", import.meta.url).pathname;
/** Where the packages lie: the style of the charts is theirs. */
const chartStyle = "uplot/dist/uPlot.min.css";

export async function bundlePages(): Promise<PageBundle> {
  const built = await Bun.build({
    entrypoints: [`${web}main.tsx`],
    target: "browser",
    format: "esm",
    minify: true,
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const script = await built.outputs.find(({ kind }) => kind === "entry-point")?.text();
  if (script === undefined) throw new Error("The pages were bundled to nothing");
  return { script, style: await readStyle() };
}

/**
 * As they are written: Bun 1.4.5 rewrites `light-dark()` into one for `prefers-color-scheme` alone, and an operator's
 * colours would no longer reach it.
 */
async function readStyle(): Promise<string> {
  const names = (await Array.fromAsync(new Bun.Glob("*.css").scan(web))).sort();
  if (!names.includes("style.css")) throw new Error("The pages have no style");
  const paths = [
    `${web}style.css`,
    ...names.filter((name) => name !== "style.css").map((name) => web + name),
    Bun.resolveSync(chartStyle, web),
  ];
  const texts = await Promise.all(paths.map((path) => Bun.file(path).text()));
  return texts.join("\n").replace(/\n\s+/g, "\n");
}
