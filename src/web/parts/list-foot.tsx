/** Below a list: how much of it is shown, and the next page. */

import type { JSX } from "preact";
import type { Keyset } from "../keyset.ts";
import { texts } from "../texts.ts";
import { Button } from "./button.tsx";

export function ListFoot({
  list,
  shown,
}: {
  readonly list: Keyset<unknown>;
  readonly shown: (rows: number) => string;
}): JSX.Element {
  return (
    <footer class="list-foot">
      <span role="status">{shown(list.rows?.length ?? 0)}</span>
      {list.hasMore ? (
        <Button isBusy={list.isLoading} onClick={list.more}>
          {texts.common.more}
        </Button>
      ) : null}
    </footer>
  );
}
