/** Health: from the states of the parts to one word, and what /healthz says. */

export interface PartStates {
  readonly store: {
    readonly state: "ready" | "full" | "failed";
    readonly why: string | undefined;
  };
  /** Threads that answer DNS. */
  readonly dnsThreads: { readonly wanted: number; readonly alive: number };
  /** Listeners by name, and whether each is up. */
  readonly listeners: Readonly<Record<string, boolean>>;
}

export interface Health {
  /** `degraded`: something of the service does not work; what does is still served. */
  readonly status: "ok" | "degraded";
  /** Sentences for the operator, empty when all is well. */
  readonly troubles: readonly string[];
  readonly store: PartStates["store"]["state"];
  readonly dnsThreadsAlive: number;
  readonly listeners: Readonly<Record<string, "up" | "down">>;
}

export function health(states: PartStates): Health {
  const troubles = [...storeTroubles(states.store), ...dnsTroubles(states.dnsThreads)];
  const listeners: Record<string, "up" | "down"> = {};
  for (const [name, isUp] of Object.entries(states.listeners)) {
    listeners[name] = isUp ? "up" : "down";
    if (!isUp) troubles.push(`The ${name} listener is down`);
  }
  return {
    status: troubles.length === 0 ? "ok" : "degraded",
    troubles,
    store: states.store.state,
    dnsThreadsAlive: states.dnsThreads.alive,
    listeners,
  };
}

/**
 * The status code and body of /healthz. 503 takes a node out of a load balancer; a full disk must
 * not, since DNS and repeats are still answered, so only a node that answers no DNS says 503.
 */
export function printHealth(now: Health): { readonly status: 200 | 503; readonly body: string } {
  return { status: now.dnsThreadsAlive > 0 ? 200 : 503, body: `${JSON.stringify(now)}\n` };
}

function storeTroubles(store: PartStates["store"]): string[] {
  const because = store.why === undefined ? "" : `: ${store.why}`;
  switch (store.state) {
    case "ready":
      return [];
    case "full":
      return [`The disk is full, changes are refused until there is room${because}`];
    case "failed":
      return [`The store has failed, changes are refused${because}`];
  }
}

function dnsTroubles({ wanted, alive }: PartStates["dnsThreads"]): string[] {
  return alive >= wanted ? [] : [`${alive} of ${wanted} DNS threads are alive`];
}
