/** `npm run compile`: the whole program and its runtime as one executable, `dist/nameward` unless another path is given. */

import { Glob } from "bun";
import type { BunPlugin } from "bun";
import { bundlePages } from "../src/api/page-bundle.ts";
import type { PageBundle } from "../src/api/page-bundle.ts";
import { root } from "./step.ts";

/**
 * Threads are started by the address of their script. A bundler finds what is imported, not what is started, so
 * each of these is an entry of its own (Bun, "Single-file executable": workers).
 */
async function findThreads(): Promise<string[]> {
  const paths = await Array.fromAsync(new Glob("src/**/*-thread.ts").scan(root));
  if (paths.length === 0)
    throw new Error("No scripts of threads in src: the server would not start");
  return paths.sort();
}

/**
 * In one file there is no `src/web/` to bundle from: what it comes to stands in the place of what makes it. It is made before
 * the rest: Bun 1.4.5 waits for ever for a build that a plugin of another build begins.
 */
function madePages(pages: PageBundle): BunPlugin {
  return {
    name: "made pages",
    setup(build) {
      build.onLoad({ filter: /src\/api\/page-bundle\.ts$/ }, () => ({
        loader: "js",
        contents: `const made = ${JSON.stringify(pages)};\nexport const bundlePages = async () => made;\n`,
      }));
    },
  };
}

/** `threads`: a test leaves them out. */
export async function compile(outfile: string, threads?: readonly string[]): Promise<void> {
  const entries = ["src/main.ts", ...(threads ?? (await findThreads()))];
  await Bun.build({
    entrypoints: entries.map((path) => `${root}${path}`),
    target: "bun",
    plugins: [madePages(await bundlePages())],
    // An address is relative to who uses it, and bundled code lies in one folder: so must the scripts.
    naming: { entry: "[name].[ext]" },
    // A command loads its own parts, already parsed: the client starts in a third of the time.
    splitting: true,
    format: "esm",
    bytecode: true,
    // What lies in the folder where it is started is none of its business.
    compile: { outfile, autoloadDotenv: false, autoloadBunfig: false },
  });
}

if (import.meta.main) {
  const outfile = process.argv[2] ?? `${root}dist/nameward`;
  await compile(outfile);
  console.log(`${outfile}: ${Math.round(Bun.file(outfile).size / 1e6)} MB`);
}
