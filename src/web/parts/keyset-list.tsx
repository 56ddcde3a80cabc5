/** A list by pages when it is there; until then that it loads, or why not, and what stands where nothing is found. */

import type { ComponentChildren, JSX } from "preact";
import type { Keyset } from "../keyset.ts";
import { texts } from "../texts.ts";
import { TroubleNote } from "./empty.tsx";
import { ListFoot } from "./list-foot.tsx";

export function KeysetList<Row>({
  list,
  shown,
  empty,
  children,
}: {
  readonly list: Keyset<Row>;
  readonly shown: (rows: number) => string;
  readonly empty: JSX.Element;
  readonly children: (rows: readonly Row[]) => ComponentChildren;
}): JSX.Element {
  const { rows, trouble, again } = list;
  if (rows === undefined) {
    if (trouble !== undefined) return <TroubleNote trouble={trouble} again={again} />;
    return <p class="loading">{texts.common.loading}</p>;
  }
  return (
    <>
      <TroubleNote trouble={trouble} again={again} />
      {rows.length === 0 ? empty : children(rows)}
      {rows.length === 0 ? null : <ListFoot list={list} shown={shown} />}
    </>
  );
}
