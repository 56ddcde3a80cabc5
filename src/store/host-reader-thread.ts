/** The thread that reads hosts at a start, while the program takes in those that were read. */

import { HostColumns } from "../core/host-columns.ts";
import { printFailure } from "./failure.ts";
import { HostReader } from "./host-reader.ts";
import type { FromHostReader, ToHostReader } from "./host-reader-message.ts";

declare const self: Worker;

let reader: HostReader | undefined;

self.onmessage = ({ data }: MessageEvent<ToHostReader>): void => {
  try {
    switch (data.kind) {
      case "open":
        reader = new HostReader(data.path);
        return;
      case "begin":
        return say({ kind: "begun", begun: reader!.begin() });
      case "fill":
        return fill(new HostColumns(data.buffer));
    }
  } catch (error) {
    self.onmessage = null; // what was asked after it has the same answer
    say({ kind: "failed", why: printFailure(error) });
  }
};

function fill(columns: HostColumns): void {
  reader!.fill(columns);
  const { buffer, rows } = columns;
  self.postMessage({ kind: "filled", buffer, rows } satisfies FromHostReader, [buffer]);
}

function say(message: FromHostReader): void {
  self.postMessage(message);
}
