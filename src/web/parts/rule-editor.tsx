/** A rule as YAML: a plain text field with numbered lines, and its mistakes beside it, each a way to its line. */

import type { JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import { spanOfLine } from "../rule-mistake.ts";
import type { RuleMistake } from "../rule-mistake.ts";
import { texts } from "../texts.ts";
import { Button } from "./button.tsx";
import { textOf } from "./field.tsx";

const words = texts.lab;
const linesMin = 14;

export function RuleEditor({
  text,
  mistakes,
  put,
}: {
  readonly text: string;
  readonly mistakes: readonly RuleMistake[];
  readonly put: (text: string) => void;
}): JSX.Element {
  const area = useRef<HTMLTextAreaElement>(null);
  const numbers = useRef<HTMLPreElement>(null);
  const id = useId();
  const lines = Math.max(linesMin, text.split("\n").length);
  const wrong = new Set(mistakes.map(({ line }) => line));
  const goTo = (line: number): void => {
    area.current?.focus();
    area.current?.setSelectionRange(...spanOfLine(text, line));
  };
  return (
    <div class="field">
      <label for={id}>{words.rule}</label>
      <div class="rule-editor">
        <pre ref={numbers} aria-hidden="true">
          {Array.from({ length: lines }, (_, at) => (
            <span key={at} class={wrong.has(at + 1) ? "wrong" : undefined}>
              {`${at + 1}\n`}
            </span>
          ))}
        </pre>
        <textarea
          id={id}
          ref={area}
          rows={lines}
          wrap="off"
          spellcheck={false}
          autocapitalize="none"
          autocomplete="off"
          aria-describedby={`${id}-says ${id}-mistakes`}
          aria-invalid={mistakes.length > 0 ? "true" : undefined}
          value={text}
          onInput={(event) => put(textOf(event))}
        />
      </div>
      <small id={`${id}-says`}>{words.ruleSays}</small>
      <div id={`${id}-mistakes`} role="alert">
        {mistakes.length === 0 ? null : (
          <ul class="mistakes" aria-label={words.mistakes}>
            {mistakes.map(({ line, column, says }) => (
              <li key={`${line} ${column} ${says}`}>
                {line === undefined ? null : (
                  <Button kind="quiet" onClick={() => goTo(line)} title={words.goToLine(`${line}`)}>
                    {words.atLine(`${line}`, `${column}`)}
                  </Button>
                )}{" "}
                {says}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
