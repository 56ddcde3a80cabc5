/** What a dyndns2 service says when it takes no update, and what stands in its place when the network is not what it seems. */

import { http } from "./fake-service.ts";
import type { FakeReply } from "./fake-service.ts";

const challenge = ['WWW-Authenticate: Basic realm="fake"'];

/** By word; each as services send it. */
export const errorReplies: Readonly<Record<string, () => FakeReply>> = {
  badauth: () => http("401 Unauthorized", "badauth", challenge),
  nohost: () => http("200 OK", "nohost"),
  notfqdn: () => http("200 OK", "notfqdn"),
  abuse: () => http("200 OK", "abuse"),
  "911": () => http("200 OK", "911"),
  dnserr: () => http("200 OK", "dnserr"),
  "status 503": () => http("503 Service Unavailable", "Come back later"),
  "a page": () => http("200 OK", "<html><body><form>Please log in</form></body></html>"),
};
