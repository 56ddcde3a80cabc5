import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import type { HostName } from "../core/host-name.ts";
import type { Receipt } from "../core/receipt.ts";
import { findReceipts, insertReceipts, receiptsMax } from "./receipt-rows.ts";
import { migrate } from "./schema.ts";

test("the newest receipts are kept, and the oldest go", () => {
  const database = new Database(":memory:");
  migrate(database, ":memory:");
  database.run(
    `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${receiptsMax})
     insert into receipt (at_ms, host, asked, peer, adapter, user_agent, outcome, addresses, note)
     select i, null, 'old.dyn.test', '', '', '', '', '', '' from n`,
  );
  const receipt: Receipt = {
    atMs: 9,
    host: undefined,
    asked: "new.dyn.test",
    username: undefined,
    peer: "",
    adapter: "",
    userAgent: "",
    outcome: "",
    addresses: "",
    note: "",
  };
  insertReceipts(database, [receipt, receipt, receipt]);
  expect(database.query("select count(*), min(at_ms) from receipt").values()).toEqual([
    [receiptsMax, 4],
  ]);
  expect(findReceipts(database, "new.dyn.test" as HostName, 9)).toHaveLength(3);
  database.close();
});
