import { expect, test } from "bun:test";
import { startSmtpServer } from "../../test/smtp-server.ts";
import { systemClock } from "../base/clock.ts";
import { mailTexts, renderMail } from "../core/mail-texts.ts";
import { parseMailAddress } from "./mail-address.ts";
import { Mailer } from "./mailer.ts";

const from = "dns@example.net";
const mail = { subject: "A subject", text: "A text.\n.\nBehind a dot.\n" };

test("a mail arrives with its one recipient, its subject and its text", async () => {
  await using server = await startSmtpServer();
  using mailer = new Mailer({
    smtpUrl: server.url,
    from,
    clock: systemClock,
    brandName: () => "Camera DNS",
  });
  expect(await mailer.send("bob@example.org", mail)).toMatchObject({ kind: "sent" });
  const [taken] = server.mails;
  expect(taken).toMatchObject({ from, to: ["bob@example.org"] });
  expect(taken!.data).toContain("From: Camera DNS <dns@example.net>");
  expect(taken!.data).toContain("Subject: A subject");
  expect(taken!.data).toContain("\r\nA text.\r\n.\r\nBehind a dot.");
});

test("a fourth mail within an hour stays here, and one to somebody else goes", async () => {
  await using server = await startSmtpServer();
  let nowMs = 0;
  const clock = { now: () => nowMs, monotonicMs: () => nowMs };
  using mailer = new Mailer({ smtpUrl: server.url, from, clock, brandName: () => "N" });
  const kinds: string[] = [];
  for (let i = 0; i < 4; i++) kinds.push((await mailer.send("Bob@example.org", mail)).kind);
  expect(kinds).toEqual(["sent", "sent", "sent", "too-many"]);
  expect((await mailer.send("bob@EXAMPLE.org", mail)).kind).toBe("too-many");
  expect((await mailer.send("eve@example.org", mail)).kind).toBe("sent");
  nowMs = 3_600_000;
  expect((await mailer.send("bob@example.org", mail)).kind).toBe("sent");
  expect(server.mails).toHaveLength(5);
});

test("a hundred mails within an hour are all there are", async () => {
  await using server = await startSmtpServer();
  const clock = { now: () => 0, monotonicMs: () => 0 };
  using mailer = new Mailer({ smtpUrl: server.url, from, clock, brandName: () => "N" });
  let sent = 0;
  for (let i = 0; i < 105; i++) {
    if ((await mailer.send(`user${i}@example.org`, mail)).kind === "sent") sent++;
  }
  expect(sent).toBe(100);
  expect(server.mails).toHaveLength(100);
});

test("what the mail server says against it is told", async () => {
  await using server = await startSmtpServer();
  server.refuseWith = "550 5.1.1 No such user";
  using mailer = new Mailer({
    smtpUrl: server.url,
    from,
    clock: systemClock,
    brandName: () => "N",
  });
  const sent = await mailer.send("bob@example.org", mail);
  expect(sent).toMatchObject({ kind: "failed" });
  expect(sent.says).toContain("No such user");
});

for (const address of [
  "a@example.net",
  "a.b+c@mail.example.co.uk",
  "o'neil@example.net",
  "A@EXAMPLE.NET",
]) {
  test(`${address} is a mail address`, () => {
    expect(parseMailAddress(address)?.toLowerCase()).toBe(address.toLowerCase());
  });
}

const hostile = [
  "a@b\r\nBcc:x",
  "a@example.net\r\nBcc: x@example.net",
  "a@example.net,b@example.net",
  "a@example.net b@example.net",
  `${"a".repeat(10_240)}@example.net`,
  `a@${"b.".repeat(5_000)}net`,
  `${"(".repeat(120)}a${")".repeat(120)}@example.net`,
  '"a b"@example.net',
  "Bob <a@example.net>",
  "a@[127.0.0.1]",
  "a@127.0.0.1",
  "a@localhost",
  "a@-example.net",
  ".a@example.net",
  "a..b@example.net",
  "@example.net",
  "a@",
  "",
];
for (const address of hostile) {
  test(`${JSON.stringify(address.slice(0, 50))} is no mail address (AT42)`, async () => {
    expect(parseMailAddress(address)).toBeUndefined();
    await using server = await startSmtpServer();
    using mailer = new Mailer({
      smtpUrl: server.url,
      from,
      clock: systemClock,
      brandName: () => "N",
    });
    expect((await mailer.send(address, mail)).kind).toBe("failed");
    expect(server.mails).toEqual([]);
  });
}

test("what is filled into a mail begins no header and no paragraph", async () => {
  await using server = await startSmtpServer();
  using mailer = new Mailer({
    smtpUrl: server.url,
    from,
    clock: systemClock,
    brandName: () => "N\r\nBcc: x@example.net",
  });
  const host = "cam.example.net\r\nBcc: eve@example.net\r\n\r\nClick here";
  await mailer.send("bob@example.org", renderMail(mailTexts.silent.text, { host }));
  const [taken] = server.mails;
  const head = taken!.data.slice(0, taken!.data.indexOf("\r\n\r\n"));
  expect(head).not.toMatch(/^Bcc:/im);
  expect(taken!.to).toEqual(["bob@example.org"]);
});
