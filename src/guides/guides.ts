/** Every guide and decision tree. To add one, add a row to the file of its kind: lists, pages and tests follow. */

import { cameraGuides } from "./cameras.ts";
import { decisionTrees } from "./decision-trees.ts";
import { firewallGuides } from "./firewalls.ts";
import type { Guide } from "./guide.ts";
import { programGuides } from "./programs.ts";
import { routerGuides } from "./routers.ts";
import { storageGuides } from "./storage.ts";

export const guides: readonly Guide[] = [
  ...routerGuides,
  ...firewallGuides,
  ...storageGuides,
  ...cameraGuides,
  ...programGuides,
  ...decisionTrees,
];

export function findGuide(id: string): Guide | undefined {
  return guides.find((guide) => guide.id === id);
}
