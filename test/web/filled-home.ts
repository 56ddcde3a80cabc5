/** A service as it looks in use: hosts in every state there is a way to, receipts good and bad. */

import { mustRun } from "../server.ts";
import type { Login } from "./send-update.ts";
import { admin, startWebHome, zone } from "./web-home.ts";
import type { SignedIn, WebHome } from "./web-home.ts";

export interface FilledHome extends WebHome {
  readonly admin: SignedIn;
  /** Of `cam1` and `cam2`. */
  readonly login: Login;
}

const labels = ["cam1", "cam2", "nas", "shed"] as const;
const login = { username: "u7k2m9", password: "Rt5wKm2pXc8nVb4q" } as const;

const records = [
  { owner: "@", type: "MX", ttlSeconds: 3_600, data: "10 mail.example.net" },
  {
    owner: "_dmarc",
    type: "TXT",
    ttlSeconds: 300,
    data: '"v=DMARC1; p=reject; rua=mailto:dmarc@example.net"',
  },
  { owner: "www", type: "CNAME", ttlSeconds: 300, data: `cam1.${zone}` },
];

export async function fillHome(): Promise<FilledHome> {
  const home = await startWebHome();
  const { data } = home.server;
  for (const label of labels) {
    await mustRun(["host", "add", `${label}.${zone}`, "--user", admin.name], { data });
  }
  const cameras = `cam1.${zone},cam2.${zone}`;
  await mustRun(
    ["login", "add", "--user", admin.name, "--username", login.username].concat([
      "--password-stdin",
      "--hosts",
      cameras,
    ]),
    { data, stdin: login.password },
  );
  await home.hasLogin(login);
  const wrong = { ...login, password: "another" };
  await home.update({ host: `cam1.${zone}`, address: "203.0.113.7" }, login);
  await home.update({ host: `cam1.${zone}`, address: "2001:db8::7" }, login);
  await home.update({ host: `cam2.${zone}`, address: "203.0.113.8" }, wrong);
  const operator = await home.signIn(admin);
  await operator.call("POST", "/invitations", { mail: "grace@example.net" });
  await operator.call("POST", "/zones", { name: "dyn.example.net", isShared: true });
  await operator.call("POST", `/zones/${zone}/records`, { add: records });
  const hook = { kind: "webhook", target: "https://hooks.example.net/nameward" };
  await operator.call("POST", "/channels", { ...hook, events: ["silent", "recovered"] });
  return { ...home, admin: operator, login };
}
