/** What goes between the program and the thread that reads hosts. */

import type { ReadBegun } from "./host-reader.ts";

/** Every message but the first is answered by one, in the same order. */
export type ToHostReader =
  | { readonly kind: "open"; readonly path: string }
  | { readonly kind: "begin" }
  /** The buffer of columns to fill; it comes back with the answer. */
  | { readonly kind: "fill"; readonly buffer: ArrayBuffer };

export type FromHostReader =
  | { readonly kind: "begun"; readonly begun: ReadBegun }
  | { readonly kind: "filled"; readonly buffer: ArrayBuffer; readonly rows: number }
  /** Nothing is answered after it. */
  | { readonly kind: "failed"; readonly why: string };
