/** Puts together the room of whoever runs the service: who is told of what, adapters, and what is looked at first. */

import { printRule, readRule, tryOut } from "./adapter-lab.ts";
import type { Audit } from "./api/audit.ts";
import type { Brand } from "./api/brand.ts";
import type { Handlers } from "./api/handler.ts";
import { adapterHandlers } from "./api/handlers/adapters.ts";
import { channelHandlers } from "./api/handlers/channels.ts";
import { testMailHandlers } from "./api/handlers/test-mail.ts";
import { systemChance } from "./base/chance.ts";
import type { Clock } from "./base/clock.ts";
import { parseSample, proposeAdapter } from "./cli/propose-adapter.ts";
import type { Config } from "./config/options.ts";
import { AdapterHits } from "./core/adapter-hits.ts";
import type { Directory } from "./core/directory.ts";
import { parseHostName } from "./core/host-name.ts";
import type { Receipt } from "./core/receipt.ts";
import { WrongLogins } from "./core/wrong-logins.ts";
import { openNotifying } from "./notifying.ts";
import { parseTarget } from "./notify/dialer.ts";
import type { Mailer } from "./notify/mailer.ts";
import type { Notifier } from "./notify/notifier.ts";
import type { Log } from "./observe/log.ts";
import { cleanText } from "./observe/log-text.ts";
import type { Store } from "./store/store.ts";

export interface OperatorRoomParts {
  readonly config: Config;
  readonly store: Store;
  readonly directory: Directory;
  readonly brand: Brand;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  /** Under which people reach the pages; known when they are served. */
  publicUrl(): string;
}

export interface OperatorRoom extends Disposable {
  readonly handlers: Partial<Handlers>;
  readonly notifier: Notifier;
  /** Undefined: no mail server is set up. */
  readonly mailer: Mailer | undefined;
  /** What became of a device's request. */
  see(receipt: Receipt): void;
}

export function openOperatorRoom(parts: OperatorRoomParts): OperatorRoom {
  const { store, directory, brand, audit, clock } = parts;
  const hits = new AdapterHits();
  const notifying = openNotifying(parts);
  const { notifier, mailer } = notifying;
  const seeLogin = seeWrongLogins(directory, notifier, clock);
  return {
    notifier,
    mailer,
    see(receipt) {
      hits.note(receipt.adapter, receipt.atMs);
      seeLogin(receipt);
    },
    handlers: {
      ...channelHandlers({
        store: store.operator,
        isUrl: (text) => parseTarget(text) !== undefined,
        hasMail: mailer !== undefined,
        sealSecret: (secret, channel) => notifying.sealSecret(secret, channel),
        makeBody: (event) => notifier.makeBody(event, undefined),
        deliver: (delivery, channel) =>
          notifier.deliver(delivery, channel, delivery.event !== "test"),
        audit,
        chance: systemChance,
        clock,
      }),
      ...adapterHandlers({
        store,
        findUse: (rule) => hits.find(rule),
        readRule,
        printRule,
        tryOut: (request, rule) => tryOut(request, rule, parts),
        propose: (shape) => proposeAdapter(shape).text,
        sampleOf: (shape) => parseSample(shape).request,
        audit,
      }),
      ...testMailHandlers({
        findMail: (user) => store.operator.findConfirmedMail(user.id),
        send: mailer && ((to) => mailer.send(to, brand.mail("test", {}))),
      }),
    },
    [Symbol.dispose]: () => notifying[Symbol.dispose](),
  };
}

/** Of a request without a right login the first host that it names is the one whose owner is told. */
function seeWrongLogins(
  directory: Directory,
  notifier: Notifier,
  clock: Clock,
): (receipt: Receipt) => void {
  const wrong = new WrongLogins(clock);
  return ({ outcome, asked, peer, userAgent }) => {
    if (outcome !== "bad-credentials") return;
    const name = parseHostName(asked.split(",", 1)[0] ?? "");
    const id = name === undefined ? undefined : directory.hosts.find(name);
    if (name === undefined || id === undefined || !wrong.note(id)) return;
    void notifier.notify({
      kind: "failed-authentication",
      user: directory.hosts.user(id),
      host: { id, name },
      detail: `The latest came from ${peer} and called itself ${cleanText(userAgent) || "nothing"}.`,
    });
  };
}
