import { expect, test } from "bun:test";
import { openApi, personOf } from "../../../test/called-api.ts";
import { quietLog } from "../../../test/quiet-log.ts";
import { checkChain } from "../../core/audit-entry.ts";
import type { Store } from "../../store/store.ts";
import { Brand } from "../brand.ts";
import { makeAudit } from "../make-audit.ts";
import { auditHandlers } from "./audit.ts";
import { settingsHandlers } from "./settings.ts";
import type { Setting } from "./settings.ts";

const admin = personOf({ id: 1, name: "alice", isAdmin: true });

const given: Setting = {
  name: "hostTtlSeconds",
  value: "60",
  origin: "environment",
  place: "NAMEWARD_HOST_TTL_SECONDS",
  doc: "How long.",
  wants: "seconds",
  canChange: false,
  isSecret: false,
  group: "dns",
  kind: "text",
  choices: [],
  placeholders: [],
  fallback: "60",
};

let brand: Brand;
async function makeHandlers(store: Store) {
  brand = await Brand.open(store.operator);
  const audit = makeAudit((entry) => store.operator.appendAudit(entry), quietLog);
  return {
    ...settingsHandlers({ brand, audit, startSettings: [given] }),
    ...auditHandlers(store.operator, audit),
  };
}

test("what was changed is in force, is kept, is listed with its origin and stands in the audit log", async () => {
  await using api = await openApi(makeHandlers);
  api.as(admin);
  const changes = { brandName: "Camera DNS", colourAccent: "#00AA55", hostsMax: "5" };
  const { status, body } = await api.call("PATCH", "/settings", changes);
  expect(status).toBe(200);
  const find = (name: string) => body.items.find((each) => each["name"] === name);
  expect(find("brandName")).toMatchObject({ value: "Camera DNS", origin: "database" });
  expect(find("loginsMax")).toMatchObject({ value: "100", origin: "default", canChange: true });
  expect(find("hostTtlSeconds")).toEqual(given);
  expect(brand.settings.value("hostsMax")).toBe(5);
  expect(brand.greeting()).toMatchObject({ name: "Camera DNS", colours: { accent: "#00aa55" } });

  const again = await Brand.open(api.store.operator);
  expect(again.settings.value("brandName")).toBe("Camera DNS");
  await api.call("PATCH", "/settings", { brandName: null });
  expect(brand.settings.value("brandName")).toBe("Nameward");

  const log = await api.call("GET", "/audit?q=actor:alice%20setting.change&limit=3");
  expect(log.body.items.map((each) => each["target"])).toEqual([
    "brandName",
    "hostsMax",
    "colourAccent",
  ]);
  const rest = await api.call("GET", `/audit?limit=3&after=${log.body.next}`);
  expect(rest.body.items).toHaveLength(1);
  expect(rest.body.next).toBeNull();
  expect((await api.call("GET", "/audit/check")).body).toMatchObject({
    isGood: true,
    entries: 4,
    brokenAt: null,
  });
  expect(await checkChain(api.store.operator)).toEqual({ kind: "holds", entries: 4 });
});

const refused: readonly (readonly [string, string, string])[] = [
  ["signUp", "everybody", "closed, invitation or open"],
  ["brandName", "<b>", "printable"],
  ["hostsMax", "-1", "whole number"],
  ["colourBad", "red", "#rrggbb"],
  ["resolvers", "ns.example.net", "addresses"],
  ["mailReset", "Subject\n\nNo link in it", "{link}"],
  ["mailReset", "Subject\n\n{link} {password}", "in the place of {password}"],
  ["mailReset", "Subject\r\nBcc: x@example.net\n\n{link}", "{link}"],
  ["hostTtlSeconds", "5", "NAMEWARD_HOST_TTL_SECONDS"],
  ["__proto__", "5", "no such setting"],
];
for (const [name, value, says] of refused) {
  test(`${name} cannot be ${JSON.stringify(value)}, and nothing beside it is changed`, async () => {
    await using api = await openApi(makeHandlers);
    api.as(admin);
    const text = `{"brandName":"Another",${JSON.stringify(name)}:${JSON.stringify(value)}}`;
    const octets = new TextEncoder().encode(
      name === "brandName" ? `{"brandName":${JSON.stringify(value)}}` : text,
    );
    const type = { "Content-Type": "application/json" };
    const { status, body } = await api.call("PATCH", "/settings", octets, type);
    if (name === "__proto__" && status === 200) {
      expect(brand.settings.value("brandName")).toBe("Another"); // the reader of JSON drops the key
      return;
    }
    expect(status).toBe(422);
    expect(JSON.stringify(body.errors)).toContain(says);
    expect(brand.settings.value("brandName")).toBe("Nameward");
  });
}

const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(64)]);
const svg = (inside: string): Uint8Array =>
  new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`);
const logos: readonly (readonly [string, string, Uint8Array, number])[] = [
  ["a PNG", "image/png", png, 204],
  ["shapes", "image/svg+xml", svg('<path d="M0 0h9v9z" fill="url(#a)"/><use href="#b"/>'), 204],
  ["a PNG that is none", "image/png", svg(""), 422],
  ["a page", "text/html", svg(""), 415],
  ["a PNG of more than 100 KB", "image/png", Buffer.concat([png, Buffer.alloc(102_400)]), 413],
  ["a script", "image/svg+xml", svg("<script>alert(1)</script>"), 422],
  ["a script of a namespace", "image/svg+xml", svg("<s:script>alert(1)</s:script>"), 422],
  ["a handler", "image/svg+xml", svg("<path\nonload=alert(1) />"), 422],
  ["a handler behind a slash", "image/svg+xml", svg("<path/onclick=alert(1)>"), 422],
  ["a page in a picture", "image/svg+xml", svg("<foreignObject><p/></foreignObject>"), 422],
  ["a link", "image/svg+xml", svg('<a href="javascript:alert(1)">x</a>'), 422],
  ["a picture from elsewhere", "image/svg+xml", svg('<image href="//example.net/a"/>'), 422],
  ["a style from elsewhere", "image/svg+xml", svg("<style>a{b:url(//example.net)}</style>"), 422],
  ["an entity", "image/svg+xml", svg("<a href='&#106;avascript:x'/>"), 422],
];
for (const [title, type, octets, wanted] of logos) {
  test(`${title} as the logo is answered with ${wanted}`, async () => {
    await using api = await openApi(makeHandlers);
    api.as(admin);
    const { status } = await api.call("PUT", "/brand/logo", octets, { "Content-Type": type });
    expect(status).toBe(wanted);
    expect(brand.greeting().hasLogo).toBe(wanted === 204);
    const again = await Brand.open(api.store.operator);
    expect(again.logo?.octets.length).toBe(wanted === 204 ? octets.length : undefined);
    expect((await api.call("DELETE", "/brand/logo")).status).toBe(204);
    expect((await Brand.open(api.store.operator)).logo).toBeUndefined();
  });
}

test("who is no administrator reads no settings", async () => {
  await using api = await openApi(makeHandlers);
  api.as(personOf({ id: 2, name: "bob", isAdmin: false }));
  expect((await api.call("GET", "/settings")).status).toBe(403);
});
