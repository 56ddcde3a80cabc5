/** axe-core in a world of its own beside the page: the policy of the page stays as it is, and its scripts see nothing of it. */

import { source } from "axe-core";
import type { CDPSession, Page } from "playwright-core";

/** What axe counts as serious or critical, one sentence each. */
export async function findObstacles(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const world = await openWorld(session);
    await evaluate(session, world, source);
    const found = await evaluate(session, world, run);
    if (typeof found !== "string") throw new Error("axe gave no result");
    const { checked, obstacles }: Result = JSON.parse(found);
    if (checked === 0) throw new Error("axe found nothing to check");
    return obstacles;
  } finally {
    await session.detach();
  }
}

interface Result {
  readonly checked: number;
  readonly obstacles: readonly string[];
}

const run = `axe.run(document, { resultTypes: ["violations", "passes"] }).then(({ violations, passes }) =>
  JSON.stringify({
    checked: passes.length,
    obstacles: violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, help, nodes }) =>
        nodes.slice(0, 3).map(({ html, any }) =>
          id + ": " + help + " " + html.slice(0, 160) + " " + (any[0]?.message ?? ""))),
  }))`;

async function openWorld(session: CDPSession): Promise<number> {
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId } = await session.send("Page.createIsolatedWorld", {
    frameId: frameTree.frame.id,
    worldName: "axe",
  });
  return executionContextId;
}

async function evaluate(session: CDPSession, world: number, expression: string): Promise<unknown> {
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression,
    contextId: world,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails !== undefined) throw new Error(`axe: ${exceptionDetails.text}`);
  return result.value;
}
