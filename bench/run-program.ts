/** Runs a program that has to end well. */

/** Resolves with what it printed; rejects with what it complained of. */
export async function runProgram(command: readonly string[]): Promise<string> {
  const child = Bun.spawn([...command], { stdout: "pipe", stderr: "pipe" });
  const [text, trouble, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`${command.slice(0, 3).join(" ")}: ${trouble.trim() || text}`);
  return text;
}
