/** The first account of a service that runs, over real sockets, and what suspension does to a device. */

import { expect, test } from "bun:test";
import { makeDataFolder, mustRun, nameward, startServer } from "../server.ts";
import type { TestServer } from "../server.ts";

const password = "four plain words together";

/** A browser as far as it matters here. */
class Page {
  readonly #origin: string;
  #cookie = "";
  #csrf = "";

  constructor({ web }: TestServer) {
    this.#origin = `http://${web.hostname}:${web.port}`;
  }

  async call(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${this.#origin}/api/v1${path}`, {
      method,
      headers: {
        Origin: this.#origin,
        Cookie: this.#cookie,
        "X-Nameward-Csrf": this.#csrf,
        "Content-Type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const cookie = response.headers.get("set-cookie");
    if (cookie !== null) this.#cookie = cookie.split(";", 1)[0]!;
    this.#csrf = response.headers.get("x-nameward-csrf") ?? this.#csrf;
    return response;
  }
}

test("serve prints a link on an empty folder; with it there is an account, and no link any more", async () => {
  const data = await makeDataFolder();
  const link = /^Make the first account .*: {2}(http:\/\/\S+)\/#setup=(\w{44})$/m;
  let token = "";
  {
    await using server = await startServer({ data });
    const { web } = server;
    const found = link.exec(await until(() => (link.test(server.stdout()) ? server.stdout() : "")));
    expect(found?.[1]).toBe(`http://${web.hostname}:${web.port}`);
    token = found![2]!;
    // Another link beside the running service ends the one before.
    const made = JSON.parse(await mustRun(["setup-link", "--json"], { data })) as { url: string };
    const page = new Page(server);
    expect((await page.call("POST", "/setup/check", { token })).status).toBe(410);
    token = made.url.slice(-44);
    const answer = await page.call("POST", "/setup", { token, name: "alice", password });
    expect(answer.status).toBe(201);
    const greeting: unknown = await (await page.call("GET", "/greeting")).json();
    expect(greeting).toMatchObject({ state: "ready", account: { name: "alice", role: "admin" } });
    expect(server.stderr()).not.toContain(token);
  }
  const refused = await nameward(["setup-link"], { data });
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining("There is an account already."),
  ]);
  await using again = await startServer({ data });
  const page = new Page(again);
  expect((await page.call("POST", "/session", { name: "alice", password })).status).toBe(200);
  expect(again.stdout()).not.toContain("#setup=");
});

test("a device of a suspended account is answered abuse, and good again afterwards", async () => {
  const data = await makeDataFolder();
  await mustRun(["user", "add", "alice", "--admin", "--password-stdin"], { data, stdin: password });
  await mustRun(["user", "add", "bob", "--password-stdin"], { data, stdin: password });
  await mustRun(["zone", "add", "dyn.test", "--private"], { data });
  await mustRun(["host", "add", "cam.dyn.test", "--user", "bob"], { data });
  const made = await mustRun(
    ["login", "add", "--user", "bob", "--hosts", "cam.dyn.test", "--json"],
    { data },
  );
  const login = JSON.parse(made) as { username: string; password: string };
  await using server = await startServer({ data });
  const send = async (address: string): Promise<string> => {
    const { hostname, port } = server.devices;
    const url = `http://${hostname}:${port}/nic/update?hostname=cam.dyn.test&myip=${address}`;
    const authorization = `Basic ${btoa(`${login.username}:${login.password}`)}`;
    return (await (await fetch(url, { headers: { authorization } })).text()).trim();
  };
  expect(await send("192.0.2.1")).toBe("good 192.0.2.1");
  const admin = new Page(server);
  await admin.call("POST", "/session", { name: "alice", password });
  expect((await admin.call("PATCH", "/users/bob", { isSuspended: true })).status).toBe(200);
  expect(await send("192.0.2.2")).toBe("abuse");
  expect((await admin.call("PATCH", "/users/bob", { isSuspended: false })).status).toBe(200);
  expect(await send("192.0.2.2")).toBe("good 192.0.2.2");
});

async function until(look: () => string): Promise<string> {
  for (let times = 0; times < 500; times++) {
    const found = look();
    if (found !== "") return found;
    await Bun.sleep(20);
  }
  throw new Error("It was not seen");
}
