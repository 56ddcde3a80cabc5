/** A handler: one function a route, given what was checked and who calls. */

import type { Address } from "../base/address.ts";
import type { Caller, Person, Program } from "./caller.ts";
import type {
  Contract,
  ParametersOf,
  ReadBodyOf,
  ReadQueryOf,
  ReplyOf,
  RouteName,
} from "./contract.ts";

/** Follows from the route's access, so that a handler need not look again. */
export type CallerOf<Name extends RouteName> = Contract[Name]["access"]["kind"] extends "person"
  ? Person
  : Contract[Name]["access"]["kind"] extends "action"
    ? Person | Program
    : Caller;

export interface Call<Name extends RouteName> {
  readonly caller: CallerOf<Name>;
  readonly parameters: Readonly<Record<ParametersOf<Name>, string>>;
  readonly query: ReadQueryOf<Name>;
  readonly body: ReadBodyOf<Name>;
  readonly request: Request;
  /** After trusted proxies. */
  readonly peer: Address;
  readonly requestId: string;
  /** Headers of the reply: `Set-Cookie`, `ETag`. */
  readonly headers: Headers;
}

/** Throws `Refusal`. A `Response` is sent as it is: streams. */
export type Handler<Name extends RouteName> = (
  call: Call<Name>,
) => Promise<Answer<Name>> | Answer<Name>;

type Answer<Name extends RouteName> =
  ReplyOf<Name> extends undefined ? Response | undefined : ReplyOf<Name> | Response;

/** Handlers of some routes; rooms make them, `app.ts` puts them together. */
export type Handlers<Names extends RouteName = RouteName> = {
  readonly [Name in Names]: Handler<Name>;
};
