/** Copies one value, and says so. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { texts } from "../texts.ts";

const saidMs = 1_500;

export function CopyButton({
  value,
  what,
}: {
  readonly value: string;
  /** For who does not see what stands beside it. */
  readonly what: string;
}): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await writeClipboard(value);
    setCopied(true);
    setTimeout(() => setCopied(false), saidMs);
  };
  return (
    <button
      type="button"
      class="copy"
      aria-label={isCopied ? texts.common.copied : texts.common.copyThis(what)}
      onClick={() => void copy()}
    >
      {isCopied ? texts.common.copied : texts.common.copy}
    </button>
  );
}

/** `navigator.clipboard` is there only where the page came over https or from this machine. */
async function writeClipboard(value: string): Promise<void> {
  if (isSecureContext) return navigator.clipboard.writeText(value);
  const area = document.createElement("textarea");
  area.value = value;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
