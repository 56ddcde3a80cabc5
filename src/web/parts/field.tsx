/** A field of a form: label, hint and fault belong together for eyes and for screen readers. */

import type {
  ComponentChildren,
  InputHTMLAttributes,
  JSX,
  SelectHTMLAttributes,
  TargetedEvent,
  TextareaHTMLAttributes,
} from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  readonly says?: string | undefined;
  readonly fault?: string | undefined;
}

export function Field({
  label,
  says,
  fault,
  ...rest
}: FieldProps & InputHTMLAttributes): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  // The attribute works at the load of a page; this field may come later, in a dialog that has the focus.
  useEffect(() => {
    if (rest.autofocus === true) input.current?.focus();
  }, []);
  return (
    <Labelled label={label} says={says} fault={fault}>
      {(ids) => <input type="text" {...rest} {...ids} ref={input} />}
    </Labelled>
  );
}

export function Area({
  label,
  says,
  fault,
  ...rest
}: FieldProps & TextareaHTMLAttributes): JSX.Element {
  return (
    <Labelled label={label} says={says} fault={fault}>
      {(ids) => <textarea {...rest} {...ids} />}
    </Labelled>
  );
}

export function Choice({
  label,
  says,
  fault,
  children,
  ...rest
}: FieldProps & SelectHTMLAttributes & { children: ComponentChildren }): JSX.Element {
  return (
    <Labelled label={label} says={says} fault={fault}>
      {(ids) => (
        <select {...rest} {...ids}>
          {children}
        </select>
      )}
    </Labelled>
  );
}

/** One file from the person's machine; undefined when it is taken back. */
export function FileField({
  label,
  says,
  fault,
  accept,
  put,
}: FieldProps & {
  readonly accept: string;
  readonly put: (file: File | undefined) => void;
}): JSX.Element {
  return (
    <Labelled label={label} says={says} fault={fault}>
      {(ids) => (
        <input
          type="file"
          accept={accept}
          {...ids}
          onChange={(event) => put(event.currentTarget.files?.[0])}
        />
      )}
    </Labelled>
  );
}

/** Yes or no. */
export function Tick({
  label,
  says,
  isOn,
  put,
}: Omit<FieldProps, "fault"> & {
  readonly isOn: boolean;
  readonly put: (isOn: boolean) => void;
}): JSX.Element {
  const id = useId();
  return (
    <div class="tick">
      <input
        type="checkbox"
        id={id}
        checked={isOn}
        onChange={(event) => put(event.currentTarget.checked)}
      />
      <label for={id}>
        {label}
        {says === undefined ? null : <small>{says}</small>}
      </label>
    </div>
  );
}

interface Ids {
  readonly id: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: "true";
}

function Labelled({
  label,
  says,
  fault,
  children,
}: FieldProps & { readonly children: (ids: Ids) => JSX.Element }): JSX.Element {
  const id = useId();
  const described = [
    ...(says === undefined ? [] : [`${id}-says`]),
    ...(fault === undefined ? [] : [`${id}-fault`]),
  ].join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        ...(described === "" ? {} : { "aria-describedby": described }),
        ...(fault === undefined ? {} : { "aria-invalid": "true" as const }),
      })}
      {says === undefined ? null : <small id={`${id}-says`}>{says}</small>}
      {fault === undefined ? null : (
        <small class="fault" id={`${id}-fault`}>
          {fault}
        </small>
      )}
    </div>
  );
}

/** What a text field holds, and how it is changed. */
export function textOf(
  event: TargetedEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>,
): string {
  return event.currentTarget.value;
}
