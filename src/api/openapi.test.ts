import { describe, expect, test } from "bun:test";
import { findStructureFaults } from "../../test/openapi-structure.ts";
import { openApi } from "../../test/called-api.ts";
import { contract } from "./contract.ts";
import type { Route } from "./contract/route.ts";
import { makeOpenApi } from "./openapi.ts";
import type { OpenApi } from "./openapi.ts";
import { printReferencePage } from "./reference-page.ts";

const api = makeOpenApi();
const operations = Object.values(api.paths).flatMap((item) => Object.values(item));
const routes = Object.entries(contract) as [string, Route][];

test("the document is OpenAPI 3.1", () => {
  expect(findStructureFaults(api)).toEqual([]);
});

describe("control: the structure test notices", () => {
  const cases: readonly (readonly [string, (text: string) => string])[] = [
    ["another version", (text) => text.replace("3.1.1", "3.0.3")],
    [
      "an id that stands twice",
      (text) => text.replace('"operationId":"signOut"', '"operationId":"signIn"'),
    ],
    [
      "a parameter that the path has not",
      (text) => text.replace("/hosts/{name}/hold", "/hosts/{host}/hold"),
    ],
    ["a reference to nothing", (text) => text.replaceAll("schemas/Problem", "schemas/Fault")],
    ["a scheme nobody defined", (text) => text.replaceAll('{"token":[]}', '{"key":[]}')],
    ["a type that is none", (text) => text.replace('"type":"integer"', '"type":"int"')],
    ["a status that is none", (text) => text.replace('"204":', '"2004":')],
    ["a keyword that is none", (text) => text.replace('"maxLength":', '"longest":')],
  ];
  for (const [title, breakIt] of cases) {
    test(title, () => {
      const text = JSON.stringify(api);
      expect(breakIt(text)).not.toBe(text);
      expect(findStructureFaults(JSON.parse(breakIt(text)))).not.toEqual([]);
    });
  }
});

test("every route is in it, with who may call it, and nothing else is", () => {
  expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(
    routes.map(([name]) => name).toSorted(),
  );
  for (const [name, route] of routes) {
    const operation = api.paths[route.path]![route.method.toLowerCase()]!;
    const schemes = operation.security.flatMap((one) => Object.keys(one));
    expect([name, operation.operationId]).toEqual([name, name]);
    expect([name, schemes.includes("token")]).toEqual([name, route.access.kind === "action"]);
    expect([name, schemes.includes("session")]).toEqual([name, route.access.kind !== "anyone"]);
    const needsToken = route.access.kind !== "anyone" && route.method !== "GET";
    expect([name, schemes.includes("csrf")]).toEqual([name, needsToken]);
    expect([name, operation.requestBody !== undefined]).toEqual([
      name,
      route.body !== undefined || route.bodyTypes !== undefined,
    ]);
    expect(operation.responses["default"]?.content).toHaveProperty(["application/problem+json"]);
  }
});

test("it is served to everybody, and so is the page", async () => {
  await using called = await openApi(() => ({}));
  const { status, body } = await called.call("GET", "/openapi.json");
  expect(status).toBe(200);
  expect(body as unknown as OpenApi).toEqual(JSON.parse(JSON.stringify(api)) as OpenApi);
});

test("the page names every route, and asks nothing from elsewhere", () => {
  const page = printReferencePage(api);
  for (const { operationId } of operations) expect(page).toContain(`id="${operationId}"`);
  expect(page).not.toMatch(/<script|<img|https?:|\bon\w+=|\bstyle=/);
  expect([...page.matchAll(/(?:href|src)="([^"#]+)"/g)].map(([, to]) => to)).toEqual([
    "reference.css",
    "v1/openapi.json",
  ]);
});

test("what the contract says of shapes cannot become markup", () => {
  const evil = "<img src=x onerror=alert(1)>";
  const text = JSON.stringify(api).replace("Sign out here.", evil);
  expect(printReferencePage(JSON.parse(text) as OpenApi)).not.toContain("<img");
});
