/** What became of a request in the lab: rule or near misses, what was found in it, the decision, and the octets of the reply. */

import type { JSX } from "preact";
import type { Reply } from "../api.ts";
import { CheckSign } from "../parts/state-sign.tsx";
import { printOctets } from "../octets.ts";
import { texts } from "../texts.ts";

type Lab = Reply<"POST /adapters/test">;
const words = texts.lab;

export function LabResult({
  lab,
  isStale,
  isMasked,
}: {
  readonly lab: Lab;
  /** The request has a secret that was masked before it was kept. */
  readonly isMasked: boolean;
  readonly isStale: boolean;
}): JSX.Element {
  const { rule, near, mapping, decision, reply, answered } = lab;
  return (
    <section class="card lab-result" aria-label={words.result} aria-live="polite">
      <h2>
        <CheckSign isGood={rule !== null}>
          {rule === null ? words.unmatchedResult : words.matched(rule)}
        </CheckSign>
      </h2>
      {isStale ? <p class="warning">{words.stale}</p> : null}
      {mapping.length === 0 ? null : (
        <>
          <h3>{words.mapping}</h3>
          <dl class="detail">
            {mapping.map(({ what, value }, at) => (
              <div key={at}>
                <dt>{what}</dt>
                <dd>
                  <code>{value}</code>
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {isMasked && isWrong(mapping) ? <p class="soft">{words.maskedLogin}</p> : null}
      <h3>{words.decision}</h3>
      <pre>{decision}</pre>
      <div class="replies">
        {reply === null ? null : (
          <Octets title={answered === null ? words.reply : words.replyWith} octets={reply} />
        )}
        {answered === null ? null : <Octets title={words.replyToday} octets={answered} />}
      </div>
      {near.length === 0 ? null : (
        <details open={rule === null}>
          <summary>{words.near}</summary>
          <ul>
            {near.map((one) => (
              <li key={one.rule}>{words.nearWhy(one.rule, one.why)}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function isWrong(mapping: Lab["mapping"]): boolean {
  return mapping.some(({ what, value }) => what === "login" && value === "wrong");
}

function Octets({
  title,
  octets,
}: {
  readonly title: string;
  readonly octets: string;
}): JSX.Element {
  const [status = ""] = octets.split("\r\n", 1);
  return (
    <div>
      <h3>
        {title}: {status.replace(/^HTTP\/1\.1 /, "")}
      </h3>
      <pre class="octets" tabIndex={0} aria-label={title}>
        {printOctets(octets)}
      </pre>
      <small>{words.octets(octets.length)}</small>
    </div>
  );
}
