/** A receiver of webhooks of a test: keeps what came, and answers as it is told. */

export interface Received {
  readonly headers: Headers;
  readonly body: string;
}

export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  status: number;
}

export function startWebhookReceiver(): WebhookReceiver {
  const received: Received[] = [];
  const state = { status: 204 };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      received.push({ headers: request.headers, body: await request.text() });
      return new Response(null, { status: state.status });
    },
  });
  return Object.assign(state, {
    url: `http://127.0.0.1:${server.port}/hook`,
    received,
    [Symbol.asyncDispose]: async () => server.stop(true),
  });
}
