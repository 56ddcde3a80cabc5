/** What is wrong with an OpenAPI 3.1 document: the rules of the specification that ours can break, one sentence a fault. */

type Json = Readonly<Record<string, unknown>>;

const methods = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace"]);
/** JSON Schema 2020-12, as far as OpenAPI uses it; the value says what must stand there. */
const keywords: Readonly<Record<string, (value: unknown) => boolean>> = {
  $ref: isText,
  type: (value) => [value].flat().every((one) => typeof one === "string" && types.has(one)),
  properties: isObject,
  required: isTexts,
  additionalProperties: (value) => typeof value === "boolean" || isObject(value),
  propertyNames: isObject,
  items: isObject,
  minItems: isNumber,
  maxItems: isNumber,
  minLength: isNumber,
  maxLength: isNumber,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  pattern: (value) => isText(value) && isPattern(value),
  format: isText,
  enum: Array.isArray,
  const: () => true,
  default: () => true,
  anyOf: Array.isArray,
  oneOf: Array.isArray,
  allOf: Array.isArray,
};
const types = new Set(["object", "array", "string", "integer", "number", "boolean", "null"]);

export function findStructureFaults(document: unknown): readonly string[] {
  const api = asObject(document);
  const info = asObject(api["info"]);
  const faults: string[] = [];
  if (!/^3\.1\.\d+$/.test(String(api["openapi"]))) faults.push("openapi is not 3.1");
  if (!isText(info["title"]) || !isText(info["version"]))
    faults.push("info says no title or version");
  const schemes = Object.keys(asObject(asObject(api["components"])["securitySchemes"]));
  const ids = new Set<string>();
  for (const [path, item] of Object.entries(asObject(api["paths"]))) {
    if (!path.startsWith("/")) faults.push(`${path}: does not begin with /`);
    for (const [method, operation] of Object.entries(asObject(item))) {
      const at = `${method} ${path}`;
      if (!methods.has(method)) faults.push(`${at}: no method`);
      faults.push(...operationFaults(at, path, asObject(operation), schemes, ids));
    }
  }
  faults.push(...referenceFaults(api, api));
  for (const [name, schema] of Object.entries(asObject(asObject(api["components"])["schemas"]))) {
    faults.push(...schemaFaults(`schema ${name}`, schema));
  }
  return faults;
}

function operationFaults(
  at: string,
  path: string,
  operation: Json,
  schemes: readonly string[],
  ids: Set<string>,
): string[] {
  const faults: string[] = [];
  const id = String(operation["operationId"]);
  if (ids.has(id)) faults.push(`${at}: operationId ${id} stands twice`);
  ids.add(id);
  const parameters = asArray(operation["parameters"]).map(asObject);
  const inPath = parameters.filter((one) => one["in"] === "path").map((one) => String(one["name"]));
  const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  if (inPath.toSorted().join() !== wanted.toSorted().join())
    faults.push(`${at}: parameters of the path differ`);
  for (const one of parameters) {
    const isPath = one["in"] === "path";
    if (!["path", "query", "header", "cookie"].includes(String(one["in"]))) {
      faults.push(`${at}: a parameter is nowhere`);
    }
    if (isPath && one["required"] !== true) faults.push(`${at}: a path parameter is not required`);
    faults.push(...schemaFaults(`${at} ${String(one["name"])}`, one["schema"]));
  }
  const responses = Object.entries(asObject(operation["responses"]));
  if (responses.length === 0) faults.push(`${at}: no response`);
  for (const [status, response] of responses) {
    if (!/^([1-5]\d\d|[1-5]XX|default)$/.test(status)) faults.push(`${at}: status ${status}`);
    if (!isText(asObject(response)["description"])) faults.push(`${at} ${status}: no description`);
    faults.push(...contentFaults(`${at} ${status}`, asObject(response)["content"]));
  }
  faults.push(...contentFaults(`${at} body`, asObject(operation["requestBody"])["content"]));
  for (const requirement of asArray(operation["security"]))
    for (const name of Object.keys(asObject(requirement)))
      if (!schemes.includes(name)) faults.push(`${at}: no security scheme ${name}`);
  return faults;
}

function contentFaults(at: string, content: unknown): string[] {
  return Object.entries(asObject(content)).flatMap(([type, media]) => {
    const { schema } = asObject(media);
    const faults = schema === undefined ? [] : schemaFaults(`${at} ${type}`, schema);
    return /^[\w.+-]+\/[\w.+-]+$/.test(type)
      ? faults
      : [...faults, `${at}: ${type} is no media type`];
  });
}

function schemaFaults(at: string, schema: unknown): string[] {
  if (!isObject(schema)) return [`${at}: no schema`];
  const faults = Object.entries(schema).flatMap(([word, value]) => {
    const holds = keywords[word];
    if (holds === undefined) return [`${at}: keyword ${word}`];
    return holds(value) ? [] : [`${at}: ${word} cannot be ${JSON.stringify(value)}`];
  });
  const below = [
    ...Object.entries(asObject(schema["properties"])),
    ...["items", "propertyNames", "additionalProperties"]
      .filter((word) => isObject(schema[word]))
      .map((word) => [word, schema[word]] as const),
    ...["anyOf", "oneOf", "allOf"].flatMap((word) =>
      asArray(schema[word]).map((one, i) => [`${word}/${i}`, one] as const),
    ),
  ];
  return [...faults, ...below.flatMap(([name, one]) => schemaFaults(`${at}/${name}`, one))];
}

/** Every `$ref` points at something in the document. */
function referenceFaults(node: unknown, api: Json): string[] {
  if (Array.isArray(node)) return node.flatMap((one) => referenceFaults(one, api));
  if (!isObject(node)) return [];
  const reference = node["$ref"];
  const below = Object.values(node).flatMap((one) => referenceFaults(one, api));
  if (typeof reference !== "string") return below;
  let found: unknown = api;
  for (const part of reference.replace(/^#\//, "").split("/")) found = asObject(found)[part];
  return found === undefined ? [...below, `${reference} points nowhere`] : below;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, "u") instanceof RegExp;
  } catch {
    return false;
  }
}
function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}
function isNumber(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value);
}
function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function asObject(value: unknown): Json {
  return isObject(value) ? value : {};
}
function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
