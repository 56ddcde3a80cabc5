/**
 * The router's external address by UPnP: it is found by SSDP, its description names the service of its WAN connection, and
 * that is asked. Nothing is opened or changed. (UPnP Device Architecture 1.1 §1.3, WANIPConnection:1 §2.4.18.)
 */

import { createSocket } from "node:dgram";
import { parseAddress } from "../../base/address.ts";
import { fetchText } from "./fetch-text.ts";
import { failed, judge, none } from "./judge.ts";
import type { Policy } from "./judge.ts";
import type { Detected, Source } from "./source.ts";
import { findElements, findText } from "./xml-text.ts";

const descriptionOctetsMax = 65_536;
const replyOctetsMax = 8_192;
const waitMsMax = 5_000;
const searchMs = 3_000;
/** Once one has answered, others on the same link will soon. */
const othersMs = 300;
const locationsMax = 8;

const ssdpGroup = "239.255.255.250";
const ssdpPort = 1_900;
const gatewayDevice = "urn:schemas-upnp-org:device:InternetGatewayDevice:1";
/** Version 2 of the first answers to the same action. PPP: DSL routers. */
const connectionService = /^urn:schemas-upnp-org:service:WAN(IP|PPP)Connection:[12]$/;

/** `given`: where the description lies, for who knows. */
export function makeUpnpSource(given: URL | undefined, policy: Policy): Source {
  return {
    name: given === undefined ? "upnp" : `upnp ${given.href}`,
    detect: async (family, signal) => {
      if (family === 6) return none("UPnP tells IPv4 addresses only");
      const found = given === undefined ? await searchGateways(signal) : [given];
      let said: Detected = failed("no router answers");
      for (const location of found) {
        said = await askRouter(location, policy, signal);
        if (said.kind === "address") break;
      }
      return said;
    },
  };
}

async function askRouter(location: URL, policy: Policy, signal: AbortSignal): Promise<Detected> {
  const common = { family: 4, msMax: waitMsMax } as const;
  const described = await fetchText(
    { ...common, url: location, octetsMax: descriptionOctetsMax },
    signal,
  );
  if (described.kind === "failed") return described;
  const services = findServices(described.text, location);
  let said: Detected = failed("the router's description names no WAN connection");
  for (const { type, control } of services) {
    const replied = await fetchText(
      {
        ...common,
        url: control,
        method: "POST",
        headers: {
          "Content-Type": 'text/xml; charset="utf-8"',
          SOAPAction: `"${type}#GetExternalIPAddress"`,
        },
        body: writeAction(type),
        octetsMax: replyOctetsMax,
      },
      signal,
    );
    said = replied.kind === "failed" ? replied : readAddress(replied.text, policy);
    if (said.kind === "address") break;
  }
  return said;
}

function readAddress(reply: string, policy: Policy): Detected {
  const text = findText(reply, "NewExternalIPAddress");
  if (text === undefined) return failed("the router's answer has no address");
  if (text === "" || text === "0.0.0.0") return none("the router has no external address");
  const address = parseAddress(text);
  if (address === undefined) return failed("the router's answer is no address");
  return judge([address], 4, policy);
}

interface Service {
  readonly type: string;
  readonly control: URL;
}

/** The WAN connections of a description, at the router itself and nowhere else. Exported for its test. */
export function findServices(description: string, location: URL): readonly Service[] {
  const base = URL.parse(findText(description, "URLBase") ?? "", location.href) ?? location;
  return findElements(description, "service").flatMap((service) => {
    const type = findText(service, "serviceType") ?? "";
    const path = findText(service, "controlURL") ?? "";
    const control = URL.parse(path, base.href);
    if (!connectionService.test(type) || path === "" || control === null) return [];
    const isSameHost = control.hostname === location.hostname && control.protocol === "http:";
    return isSameHost ? [{ type, control }] : [];
  });
}

/** `type` is one of `connectionService`: nothing in it needs to be escaped. */
function writeAction(type: string): string {
  return (
    '<?xml version="1.0"?>\r\n' +
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
    's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>' +
    `<u:GetExternalIPAddress xmlns:u="${type}"></u:GetExternalIPAddress>` +
    "</s:Body></s:Envelope>\r\n"
  );
}

/** Where the gateways on this link have their descriptions. */
async function searchGateways(signal: AbortSignal): Promise<readonly URL[]> {
  const locations = new Map<string, URL>();
  const over = Promise.withResolvers<void>();
  const socket = createSocket("udp4");
  const timers = [setTimeout(over.resolve, searchMs)];
  const send = (): void => socket.send(searchMessage, ssdpPort, ssdpGroup, () => {});
  socket.on("error", () => over.resolve());
  socket.on("message", (message, from) => {
    const location = parseSearchReply(message.toString("latin1"), from.address);
    if (location === undefined || locations.size >= locationsMax) return;
    locations.set(location.href, location);
    timers.push(setTimeout(over.resolve, othersMs));
  });
  const abort = (): void => over.resolve();
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  socket.bind(0, () => {
    send();
    timers.push(setTimeout(send, searchMs / 3)); // UDP: once more
  });
  await over.promise;
  for (const timer of timers) clearTimeout(timer);
  signal.removeEventListener("abort", abort);
  socket.close();
  return [...locations.values()];
}

const searchMessage =
  "M-SEARCH * HTTP/1.1\r\n" +
  `HOST: ${ssdpGroup}:${ssdpPort}\r\n` +
  'MAN: "ssdp:discover"\r\n' +
  "MX: 1\r\n" +
  `ST: ${gatewayDevice}\r\n\r\n`;

/**
 * The description must lie at who has answered: otherwise anybody on the link could have us ask any server.
 * Exported for its test.
 */
export function parseSearchReply(text: string, from: string): URL | undefined {
  const [status = "", ...fields] = text.split("\r\n");
  if (!/^HTTP\/1\.[01] 200\b/.test(status)) return undefined;
  const field = (name: string): string | undefined => {
    const line = fields.find((one) => one.toLowerCase().startsWith(`${name}:`));
    return line?.slice(name.length + 1).trim();
  };
  if (!field("st")?.startsWith("urn:schemas-upnp-org:device:InternetGatewayDevice:"))
    return undefined;
  const url = URL.parse(field("location") ?? "");
  if (url === null || url.protocol !== "http:" || url.hostname !== from) return undefined;
  return url;
}
