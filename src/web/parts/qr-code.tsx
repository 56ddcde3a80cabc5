/** A QR code of a text: dark on light in either mode, with its quiet zone. */

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { drawQrCode } from "../../api/qr-code.ts";

/** ISO/IEC 18004: four modules of nothing all around. */
const quietModules = 4;

export function QrCode({
  text,
  label,
}: {
  readonly text: string;
  readonly label: string;
}): JSX.Element {
  const { size, path } = useMemo(() => drawQrCode(text), [text]);
  return <QrDrawing size={size} path={path} label={label} />;
}

/** One that the service drew, because its text is a secret. */
export function QrDrawing({
  size,
  path,
  label,
}: {
  readonly size: number;
  readonly path: string;
  readonly label: string;
}): JSX.Element {
  const side = size + 2 * quietModules;
  return (
    <svg
      class="qr"
      role="img"
      aria-label={label}
      viewBox={`${-quietModules} ${-quietModules} ${side} ${side}`}
    >
      <rect x={-quietModules} y={-quietModules} width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
