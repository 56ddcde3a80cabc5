/** The request lab: a request and a rule side by side, tried together as often as one likes, then saved as an adapter. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import { Button, LinkButton } from "../parts/button.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { Area, textOf } from "../parts/field.tsx";
import { RuleEditor } from "../parts/rule-editor.tsx";
import { toast } from "../parts/toast.tsx";
import { go, usePlace } from "../place.ts";
import { mistakesOf } from "../rule-mistake.ts";
import { texts } from "../texts.ts";
import { LabResult } from "./lab-result.tsx";
import { Unmatched } from "./lab-unmatched.tsx";

const words = texts.lab;

interface Tried {
  readonly lab: Reply<"POST /adapters/test">;
  readonly request: string;
  readonly rule: string;
}

export function LabPage(): JSX.Element {
  const { query } = usePlace();
  const id = query.get("rule");
  const [request, setRequest] = useState("");
  const [rule, setRule] = useState("");
  const [tried, setTried] = useState<Tried>();
  const { act, isBusy, trouble, forget } = useAct();
  const given = useRule(id);

  const test = async (text: string, yaml: string): Promise<void> => {
    const body = { request: text, ...(yaml.trim() === "" ? {} : { rule: yaml }) };
    const lab = await call("POST /adapters/test", { body });
    const shown = lab.recorded ?? text;
    setRequest(shown);
    setTried({ lab, request: shown, rule: yaml });
  };
  const take = (text: string, yaml: string): void => {
    setRequest(text);
    setRule(yaml);
    void act(() => test(text, yaml));
  };
  useEffect(() => {
    if (given !== undefined) take("", given);
  }, [given]);
  const propose = async (): Promise<void> => {
    const proposed = await call("POST /adapters/propose", { body: { request } });
    setRule(proposed.rule);
    await test(request, proposed.rule);
  };
  const save = async (state: "shadow" | "enabled"): Promise<void> => {
    const saved = await call("POST /adapters", { body: { rule, state } });
    toast(words.saved(saved.id));
    go(`/admin/adapters?${new URLSearchParams({ id: saved.id }).toString()}`);
  };
  const mistakes = mistakesOf(trouble);
  const isStale = tried !== undefined && (tried.request !== request || tried.rule !== rule);
  return (
    <>
      <header class="page-head">
        <h1>{words.title}</h1>
        <LinkButton href="/admin/adapters">{words.list}</LinkButton>
      </header>
      <p class="soft">{words.says}</p>
      <Unmatched take={take} />
      <div class="lab">
        <div class="lab-column">
          <form
            class="card"
            onSubmit={(event) => {
              event.preventDefault();
              void act(() => test(request, rule));
            }}
          >
            <Area
              label={words.request}
              says={words.requestSays}
              rows={6}
              placeholder={words.requestSample}
              spellcheck={false}
              autocapitalize="none"
              value={request}
              fault={trouble?.faultAt("/request")}
              onInput={(event) => {
                setRequest(textOf(event));
                forget();
              }}
            />
            <div class="row">
              <Button kind="main" type="submit" isBusy={isBusy} disabled={request.trim() === ""}>
                {words.test}
              </Button>
              <Button
                isBusy={isBusy}
                disabled={request.trim() === ""}
                onClick={() => void act(propose)}
              >
                {words.propose}
              </Button>
            </div>
            {mistakes.length > 0 ? null : <TroubleNote trouble={trouble} />}
          </form>
          {tried === undefined ? null : (
            <LabResult
              lab={tried.lab}
              isStale={isStale}
              isMasked={/\bmasked\b/.test(tried.request)}
            />
          )}
        </div>
        <section class="card">
          <RuleEditor
            text={rule}
            mistakes={mistakes}
            put={(text) => {
              setRule(text);
              forget();
            }}
          />
          <div class="row">
            {(["shadow", "enabled"] as const).map((state) => (
              <Button
                key={state}
                kind={state === "shadow" ? "plain" : "main"}
                isBusy={isBusy}
                disabled={rule.trim() === ""}
                onClick={() => void act(() => save(state))}
              >
                {state === "shadow" ? words.saveShadow : words.saveEnabled}
              </Button>
            ))}
          </div>
          <p class="soft">{words.saveSays}</p>
        </section>
      </div>
    </>
  );
}

/** The YAML of a rule that is kept already. */
function useRule(id: string | null): string | undefined {
  const asked = useAsked("GET /adapters", id === null ? undefined : {});
  return asked.value?.items.find((each) => each.id === id)?.rule ?? undefined;
}
