/** The API under `/api/v1`: every route by name. Requests are checked, pages are typed and OpenAPI is made from it. */

import type { z } from "zod";
import { accountRoutes } from "./contract/account.ts";
import type { events, eventTopics } from "./contract/events.ts";
import { hostRoutes } from "./contract/hosts.ts";
import type { Route } from "./contract/route.ts";
import { serviceRoutes } from "./contract/operator.ts";
import { zoneRoutes } from "./contract/zones.ts";

export const contract = {
  ...accountRoutes,
  ...hostRoutes,
  ...zoneRoutes,
  ...serviceRoutes,
} as const satisfies Record<string, Route>;

export type Contract = typeof contract;
export type RouteName = keyof Contract;

/** What a caller sends: parameters of the path, the query, the body. */
export type QueryOf<Name extends RouteName> = Contract[Name] extends {
  query: infer Query extends z.ZodType;
}
  ? z.input<Query>
  : undefined;
export type BodyOf<Name extends RouteName> = Contract[Name] extends {
  body: infer Body extends z.ZodType;
}
  ? z.input<Body>
  : undefined;
/** The same as the server sees it, defaults filled in. */
export type ReadQueryOf<Name extends RouteName> = Contract[Name] extends {
  query: infer Query extends z.ZodType;
}
  ? z.output<Query>
  : undefined;
export type ReadBodyOf<Name extends RouteName> = Contract[Name] extends {
  body: infer Body extends z.ZodType;
}
  ? z.output<Body>
  : undefined;
export type ReplyOf<Name extends RouteName> = Contract[Name] extends {
  reply: infer Reply extends z.ZodType;
}
  ? z.output<Reply>
  : undefined;

/** Names of the `{parameters}` of a path. */
export type ParametersOf<Name extends RouteName> = ParametersIn<Contract[Name]["path"]>;
type ParametersIn<Path extends string> = Path extends `${string}{${infer One}}${infer Rest}`
  ? One | ParametersIn<Rest>
  : never;

/** Events of `GET /events`. */
export type EventName = keyof typeof events;
export type EventOf<Name extends EventName> = z.output<(typeof events)[Name]>;
export type EventTopic = (typeof eventTopics)[number];

export type { Problem } from "./contract/shapes.ts";
