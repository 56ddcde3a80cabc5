/** Values that fit a JSON schema of the contract: the least of what a route takes, so that a call fails for another reason than its shape. */

import { z } from "zod";

export type Schema = Readonly<Record<string, unknown>>;

export function schemaOf(type: z.ZodType): Schema {
  return z.toJSONSchema(type, { io: "input" }) as Schema;
}

/** `texts`: what stands in fields of that name. Fields that may be left out are left out. */
export function sampleOf(schema: Schema, texts: Readonly<Record<string, unknown>> = {}): unknown {
  const choices = (schema["anyOf"] ?? schema["oneOf"]) as readonly Schema[] | undefined;
  if (choices !== undefined) return sampleOf(choices[0]!, texts);
  if (schema["const"] !== undefined) return schema["const"];
  const words = schema["enum"] as readonly unknown[] | undefined;
  if (words !== undefined) return words[0];
  switch (schema["type"]) {
    case "object":
      return sampleObject(schema, texts);
    case "array": {
      const least = Number(schema["minItems"] ?? 0);
      return Array.from({ length: least }, () => sampleOf(schema["items"] as Schema, texts));
    }
    case "integer":
    case "number":
      return Number(schema["minimum"] ?? 1);
    case "boolean":
      return true;
    case "null":
      return null;
    case "string":
      return "a".repeat(Math.max(3, Number(schema["minLength"] ?? 0)));
    default:
      return {};
  }
}

function sampleObject(schema: Schema, texts: Readonly<Record<string, unknown>>): unknown {
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, Schema>);
  const required = (schema["required"] ?? []) as readonly string[];
  const wanted = properties.filter(([name]) => required.includes(name) || name in texts);
  return Object.fromEntries(
    wanted.map(([name, field]) => [name, name in texts ? texts[name] : sampleOf(field, texts)]),
  );
}

/** Where texts stand in a schema: JSON pointers, with the greatest length of each. `0` goes into the first of an array. */
export function textFields(
  schema: Schema,
  at = "",
): readonly { readonly pointer: string; readonly max: number }[] {
  const choices = (schema["anyOf"] ?? schema["oneOf"]) as readonly Schema[] | undefined;
  if (choices !== undefined) return choices.flatMap((one) => textFields(one, at));
  if (schema["enum"] !== undefined || schema["const"] !== undefined) return [];
  if (schema["type"] === "string") {
    return [{ pointer: at, max: Number(schema["maxLength"] ?? Number.NaN) }];
  }
  if (schema["type"] === "array") return textFields(schema["items"] as Schema, `${at}/0`);
  return Object.entries((schema["properties"] ?? {}) as Record<string, Schema>).flatMap(
    ([name, field]) => textFields(field, `${at}/${name}`),
  );
}

/** The same value with another one at the pointer; what leads there is made. */
export function withValueAt(value: unknown, pointer: string, other: unknown): unknown {
  const [part, ...rest] = pointer.split("/").slice(1);
  if (part === undefined) return other;
  const below = rest.map((one) => `/${one}`).join("");
  if (part === "0") {
    const items = Array.isArray(value) ? (value as unknown[]) : [];
    return [withValueAt(items[0], below, other), ...items.slice(1)];
  }
  const fields = typeof value === "object" && value !== null ? value : {};
  return { ...fields, [part]: withValueAt((fields as Schema)[part], below, other) };
}
