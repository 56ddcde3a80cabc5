/** The status page: what the service does right now. It reads /status.json each second, and works at 360 px. */

export const statusPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Nameward</title>
<link rel="stylesheet" href="/status.css">
<script src="/status.js" defer></script>
</head>
<body>
<header><h1>Nameward</h1><p id="state" role="status">Asking the service…</p></header>
<main>
<dl id="numbers"></dl>
<section id="fleet" hidden>
<h2>Sample fleet</h2>
<p>Each device sends an update when its address moves; DNS answers with the new one before the device has its reply.</p>
<table><thead><tr><th>Host</th><th>Address</th><th>Changed</th></tr></thead><tbody id="hosts"></tbody></table>
</section>
</main>
</body>
</html>
`;

export const statusStyle = `:root { color-scheme: light dark; --ink: #1b2430; --soft: #5c6b7c; --line: #d8dee6; --paper: #fbfcfd; --card: #fff; --mark: #0b7a53; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --soft: #9aa8b8; --line: #2c3744; --paper: #12181f; --card: #19212a; --mark: #4cc38a; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header, main { max-width: 56rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.1rem; }
#state, section > p { color: var(--soft); margin: 0 0 0.75rem; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: 0.5rem; margin: 0; }
dl > div { background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.6rem 0.8rem; }
dt { color: var(--soft); font-size: 0.85rem; }
dd { margin: 0; font-size: 1.4rem; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: 0.4rem 0.3rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
td { font-variant-numeric: tabular-nums; }
tr.moved td { color: var(--mark); font-weight: 600; }
`;

export const statusScript = `"use strict";
const find = (id) => document.getElementById(id);
const make = (tag, text) => { const e = document.createElement(tag); e.textContent = text; return e; };
const ago = (ms) => { const s = Math.max(0, Math.round((Date.now() - ms) / 1000)); return s < 60 ? s + " s ago" : Math.floor(s / 60) + " min ago"; };
const pair = ([name, value]) => { const d = document.createElement("div"); d.append(make("dt", name), make("dd", value.toLocaleString("en"))); return d; };
const row = (host) => {
  const tr = document.createElement("tr");
  if (Date.now() - host.changedAtMs < 3000) tr.className = "moved";
  tr.append(make("td", host.name), make("td", host.addresses || "waiting"), make("td", host.changedAtMs ? ago(host.changedAtMs) : "never"));
  return tr;
};
const show = async () => {
  try {
    const status = await (await fetch("/status.json")).json();
    find("state").textContent = "Version " + status.version + ", up " + Math.floor(status.upSeconds / 60) + " min " + (status.upSeconds % 60) + " s";
    find("numbers").replaceChildren(...status.numbers.map(pair));
    find("fleet").hidden = status.hosts.length === 0;
    find("hosts").replaceChildren(...status.hosts.map(row));
  } catch { find("state").textContent = "The service does not answer."; }
  setTimeout(show, 1000);
};
show();
`;
