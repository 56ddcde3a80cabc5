/** A button, and a link that looks like one. */

import type { ButtonHTMLAttributes, ComponentChildren, JSX } from "preact";

export interface ButtonProps {
  readonly kind?: "main" | "plain" | "danger" | "quiet";
  readonly isBusy?: boolean;
  readonly children: ComponentChildren;
}

export function Button({
  kind = "plain",
  isBusy = false,
  children,
  ...rest
}: ButtonProps & Omit<ButtonHTMLAttributes, "children">): JSX.Element {
  return (
    <button
      type="button"
      {...rest}
      class={`button ${kind}`}
      aria-busy={isBusy}
      disabled={isBusy || rest.disabled === true}
    >
      {children}
    </button>
  );
}

export function LinkButton({
  kind = "plain",
  href,
  children,
}: ButtonProps & { readonly href: string }): JSX.Element {
  return (
    <a class={`button ${kind}`} href={href}>
      {children}
    </a>
  );
}
