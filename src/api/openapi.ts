/** The API as an OpenAPI 3.1 document, made from the contract: what it says is what is checked. */

import { z } from "zod";
import packageFile from "../../package.json" with { type: "json" };
import { contract } from "./contract.ts";
import { accountRoutes } from "./contract/account.ts";
import { hostRoutes } from "./contract/hosts.ts";
import type { Access, Route } from "./contract/route.ts";
import { problem } from "./contract/shapes.ts";
import { csrfHeader } from "./csrf.ts";
import { sessionCookie } from "./identify.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Readonly<Record<string, Reply>>;
  readonly security: readonly Readonly<Record<string, readonly never[]>>[];
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: JsonSchema;
}

interface Reply {
  readonly description: string;
  readonly content?: Content;
}

type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>;
type PathItem = Readonly<Record<string, Operation>>;

export interface OpenApi {
  readonly openapi: "3.1.1";
  readonly info: Readonly<Record<string, unknown>>;
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
}

export const tags = [
  { name: "account", description: "Set-up, sign-in and the own account." },
  { name: "hosts", description: "Zones, hosts, records, device logins, receipts and events." },
  { name: "service", description: "Tokens, users, adapters, settings and notifications." },
] as const;

export function makeOpenApi(): OpenApi {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [name, route] of Object.entries(contract) as [string, Route][]) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = makeOperation(name, route);
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Nameward",
      version: packageFile.version,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      description:
        "Programs send a token as Authorization: Bearer. A page has the session's cookie, and sends the token of its session in a header with everything that changes something. Faults are problems (RFC 9457) with a stable code, and a hint where something can be done.",
    },
    servers: [{ url: "/api/v1" }],
    tags,
    paths,
    components: { schemas: { Problem: toSchema(problem, "output") }, securitySchemes },
  };
}

const securitySchemes: Readonly<Record<string, JsonSchema>> = {
  token: {
    type: "http",
    scheme: "bearer",
    description: "An API token. What it may do, its policy says.",
  },
  session: {
    type: "apiKey",
    in: "cookie",
    name: sessionCookie,
    description: "Of a signed-in page.",
  },
  csrf: {
    type: "apiKey",
    in: "header",
    name: csrfHeader,
    description: "With a session, for all that changes something. GET /greeting gives it.",
  },
};

function makeOperation(name: string, route: Route): Operation {
  const content = requestContent(route);
  return {
    operationId: name,
    summary: route.summary,
    tags: [tagOf(name)],
    description: describeAccess(route.access),
    parameters: [...pathParameters(route.path), ...queryParameters(route)],
    ...(content === undefined ? {} : { requestBody: { required: true, content } }),
    responses: { [String(route.status)]: makeReply(route), default: problemReply },
    security: securityOf(route),
  };
}

function tagOf(name: string): string {
  if (name in accountRoutes) return "account";
  return name in hostRoutes ? "hosts" : "service";
}

/** Who may call it, in a sentence. */
export function describeAccess(access: Access): string {
  switch (access.kind) {
    case "anyone":
      return "Anybody.";
    case "person":
      return `${access.isAdmin ? "An administrator" : "A person"}, never a token${access.isFresh ? "; only within ten minutes of a proof of who it is (POST /session/step-up)" : ""}.`;
    case "action":
      return `${access.isAdmin ? "An administrator" : "A person"}, or a token that has ${access.action}.`;
  }
}

function pathParameters(path: string): readonly Parameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name: name!,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters({ query }: Route): readonly Parameter[] {
  if (query === undefined) return [];
  const { properties, required } = toSchema(query, "input") as {
    properties: Record<string, JsonSchema>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required?.includes(name) === true,
    schema,
  }));
}

function requestContent({ body, bodyTypes }: Route): Content | undefined {
  if (body !== undefined) return { "application/json": { schema: toSchema(body, "input") } };
  if (bodyTypes === undefined) return undefined;
  return Object.fromEntries(bodyTypes.map((type) => [type, {}]));
}

const statusWords = { 200: "Done.", 201: "Made.", 202: "Taken.", 204: "Done, without a body." };

function makeReply({ status, reply, streams }: Route): Reply {
  const description = statusWords[status];
  if (streams !== undefined) return { description, content: { [streams]: {} } };
  if (reply === undefined) return { description };
  const content = { "application/json": { schema: toSchema(reply, "output") } };
  return { description, content };
}

const problemReply: Reply = {
  description: "A problem.",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

function securityOf({ access, method }: Route): Operation["security"] {
  if (access.kind === "anyone") return [];
  const session = method === "GET" ? { session: [] } : { session: [], csrf: [] };
  return access.kind === "person" ? [session] : [session, { token: [] }];
}

/** A schema within the document has the document's dialect. */
function toSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io }) as Record<string, unknown>;
  return rest;
}
