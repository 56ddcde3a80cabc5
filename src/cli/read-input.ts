/** Standard input, up to a limit. */

/** Everything, or `undefined` when there is more than `octetsMax`. */
export async function readInput(
  stdin: AsyncIterable<Uint8Array>,
  octetsMax: number,
): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of stdin) {
    octets += chunk.length;
    if (octets > octetsMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
