/** A small mail server of a test: it speaks enough SMTP (RFC 5321) to take mails, and keeps them. */

import { createServer } from "node:net";

export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Head and body as they came, without dot-stuffing. */
  readonly data: string;
}

export interface SmtpServer extends AsyncDisposable {
  readonly url: string;
  readonly mails: readonly TakenMail[];
  /** Answers every following RCPT with this line; undefined: takes it. */
  refuseWith: string | undefined;
}

export async function startSmtpServer(): Promise<SmtpServer> {
  const mails: TakenMail[] = [];
  const state: { refuseWith: string | undefined } = { refuseWith: undefined };
  const server = createServer((socket) => {
    let text = "";
    let isData = false;
    let from = "";
    let to: string[] = [];
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    const hear = (line: string): void => {
      const word = line.slice(0, 4).toUpperCase();
      if (word === "EHLO" || word === "HELO") return say("250 mail.example.net");
      if (word === "MAIL") {
        from = /<([^>]*)>/.exec(line)?.[1] ?? "";
        to = [];
        return say("250 OK");
      }
      if (word === "RCPT") {
        if (state.refuseWith !== undefined) return say(state.refuseWith);
        to.push(/<([^>]*)>/.exec(line)?.[1] ?? "");
        return say("250 OK");
      }
      if (word === "DATA") {
        isData = true;
        return say("354 Go on");
      }
      if (word === "QUIT") {
        say("221 Bye");
        return void socket.end();
      }
      return say("250 OK");
    };
    socket.on("error", () => undefined);
    socket.on("data", (octets) => {
      text += octets.toString("latin1");
      for (;;) {
        const end = text.indexOf(isData ? "\r\n.\r\n" : "\r\n");
        if (end === -1) return;
        const taken = text.slice(0, end);
        text = text.slice(end + (isData ? 5 : 2));
        if (!isData) hear(taken);
        else {
          isData = false;
          mails.push({ from, to, data: taken.replace(/^\.\./gm, ".") });
          say("250 Taken");
        }
      }
    });
    say("220 mail.example.net ESMTP");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return Object.assign(state, {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
