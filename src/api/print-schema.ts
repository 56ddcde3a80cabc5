/** Shapes of the API for people: a JSON schema as one short line of text. */

import type { JsonSchema } from "./openapi.ts";

/** `{name: text, from?: text[]}`. Bounds stand where they say something. */
export function printSchema(schema: JsonSchema): string {
  const { anyOf, oneOf, enum: words, const: constant, type } = schema;
  const choices = anyOf ?? oneOf;
  if (Array.isArray(choices))
    return choices.map((one) => printSchema(one as JsonSchema)).join(" | ");
  if (constant !== undefined) return JSON.stringify(constant);
  if (Array.isArray(words)) return words.map((word) => JSON.stringify(word)).join(" | ");
  if (Array.isArray(type))
    return type.map((one) => printSchema({ ...schema, type: one })).join(" | ");
  switch (type) {
    case "object":
      return printObject(schema);
    case "array":
      return printArray(schema);
    case "string":
      return printText(schema);
    case "integer":
    case "number":
      return `${type === "integer" ? "whole number" : "number"}${printRange(schema)}`;
    case "boolean":
      return "true | false";
    case "null":
      return "null";
    default:
      return "anything";
  }
}

function printObject({ properties, required, additionalProperties }: JsonSchema): string {
  if (properties === undefined) {
    const value = additionalProperties;
    return `{…: ${typeof value === "object" && value !== null ? printSchema(value as JsonSchema) : "anything"}}`;
  }
  const must = new Set((required ?? []) as readonly string[]);
  const fields = Object.entries(properties as Record<string, JsonSchema>);
  if (fields.length === 0) return "{}";
  const printed = fields.map(
    ([name, value]) => `${name}${must.has(name) ? "" : "?"}: ${printSchema(value)}`,
  );
  return `{${printed.join(", ")}}`;
}

function printArray({ items }: JsonSchema): string {
  const item = printSchema((items ?? {}) as JsonSchema);
  return item.includes(" | ") && !item.startsWith("{") ? `(${item})[]` : `${item}[]`;
}

function printText({ format, maxLength }: JsonSchema): string {
  if (format === "date-time") return "time";
  if (format === "date") return "day";
  return typeof maxLength === "number" ? `text to ${maxLength}` : "text";
}

function printRange({ minimum, maximum }: JsonSchema): string {
  const isBound = typeof maximum === "number" && Math.abs(maximum) < Number.MAX_SAFE_INTEGER;
  if (!isBound) return "";
  return typeof minimum === "number" ? ` ${minimum} to ${maximum}` : ` to ${maximum}`;
}
