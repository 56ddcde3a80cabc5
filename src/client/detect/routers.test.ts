import { expect, test } from "bun:test";
import { parseAddress } from "../../base/address.ts";
import { parseRoutes } from "./gateway.ts";
import { parseIfInet6 } from "./interface.ts";
import { parseReply as parseNatPmp } from "./nat-pmp.ts";
import { parseReply as parsePcp, writeRequest } from "./pcp.ts";
import { findServices, parseSearchReply } from "./upnp.ts";
import { findText } from "./xml-text.ts";

const octets = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(" ", ""), "hex");

const natPmpReplies: readonly (readonly [string, string, string | undefined])[] = [
  ["an address (RFC 6886 §3.2)", "00 80 0000 00000010 08080404", "8.8.4.4"],
  ["not authorized (§3.5)", "00 80 0002 00000010 00000000", "not authorized"],
  ["network failure, short", "00 80 0003", "network failure"],
  ["a result nobody knows", "00 80 00ff 00000010", "result 255"],
  ["a PCP server (RFC 6887 §9)", "02 80 0001 00000000 00000010", "unsupported version"],
  ["an address that is cut", "00 80 0000 00000010 0808", undefined],
  ["our own question", "00 00 0000", undefined],
  ["nothing", "", undefined],
];
for (const [what, hex, said] of natPmpReplies) {
  test(`NAT-PMP: ${what}`, () => {
    const reply = parseNatPmp(octets(hex));
    expect(reply?.kind === "address" ? reply.address.text : reply?.why).toBe(said);
  });
}

const mapping = {
  client: parseAddress("192.168.1.2")!,
  nonce: octets("0102030405060708090a0b0c"),
  port: 40_000,
};
const header = "02 81 00 RR 00000078 00000010 000000000000000000000000";
const map = "0102030405060708090a0b0c 11 000000 9c40 9c41 00000000000000000000ffff08080404";

test("a PCP request is 24 octets of header and 36 of MAP (RFC 6887 §7.1 and §11.1)", () => {
  const written = Buffer.from(writeRequest(mapping, 120)).toString("hex");
  const expected = [
    "02 01 0000 00000078", // version, opcode, reserved, lifetime
    "00000000000000000000ffff c0a80102", // the client
    "0102030405060708090a0b0c 11 000000 9c40 0000", // nonce, UDP, our port, any port
    "00000000000000000000ffff 00000000", // any IPv4 address
  ];
  expect(written).toBe(expected.join("").replaceAll(" ", ""));
});

const pcpReplies: readonly (readonly [string, string, string | undefined])[] = [
  ["an address", header.replace("RR", "00") + map, "8.8.4.4"],
  ["no resources (§7.4)", header.replace("RR", "08") + map, "no resources"],
  ["another nonce", header.replace("RR", "00") + map.replace("0102", "0201"), undefined],
  ["another port", header.replace("RR", "00") + map.replace("9c40", "9c42"), undefined],
  ["another protocol", header.replace("RR", "00") + map.replace("0c 11", "0c 06"), undefined],
  ["an announcement (§14.1)", header.replace("RR", "00").replace("81", "80") + map, undefined],
  ["our own request", header.replace("RR", "00").replace("81", "01") + map, undefined],
  ["a router with NAT-PMP only (§9)", "00 81 0001 00000010", "unsupported version"],
  ["what is cut", (header.replace("RR", "00") + map).slice(0, -4), undefined],
  ["nothing", "", undefined],
];
for (const [what, hex, said] of pcpReplies) {
  test(`PCP: ${what}`, () => {
    const reply = parsePcp(octets(hex), mapping);
    expect(reply?.kind === "address" ? reply.address.text : reply?.why).toBe(said);
  });
}

const searchReply = (location: string, st = "InternetGatewayDevice:1"): string =>
  `HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nST: urn:schemas-upnp-org:device:${st}\r\nLocation: ${location}\r\n\r\n`;

const searchReplies: readonly (readonly [string, string, string | undefined])[] = [
  ["a router", searchReply("http://192.168.1.1:5000/d.xml"), "http://192.168.1.1:5000/d.xml"],
  ["one that points elsewhere", searchReply("http://192.168.1.9/d.xml"), undefined],
  ["one that points to a name", searchReply("http://router.lan/d.xml"), undefined],
  ["one that points to a file", searchReply("file:///etc/passwd"), undefined],
  ["another device", searchReply("http://192.168.1.1/d.xml", "MediaServer:1"), undefined],
  ["an announcement", "NOTIFY * HTTP/1.1\r\nLOCATION: http://192.168.1.1/\r\n\r\n", undefined],
  ["nothing", "", undefined],
];
for (const [what, text, location] of searchReplies) {
  test(`SSDP: ${what}`, () => {
    expect(parseSearchReply(text, "192.168.1.1")?.href).toBe(location);
  });
}

const service = (type: string, control: string): string =>
  `<service><serviceType>urn:schemas-upnp-org:service:${type}</serviceType><controlURL>${control}</controlURL></service>`;
const description = (inside: string): string =>
  `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceList><device>
   <serviceList>${inside}</serviceList></device></deviceList></device></root>`;

const descriptions: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "a cable router",
    description(service("WANCommonInterfaceConfig:1", "/c") + service("WANIPConnection:1", "/ip")),
    ["http://192.168.1.1:5000/ip"],
  ],
  [
    "a DSL router",
    description(
      service("WANIPConnection:2", "/ip") + service("WANPPPConnection:1", "ppp?a=1&amp;b=2"),
    ),
    ["http://192.168.1.1:5000/ip", "http://192.168.1.1:5000/ppp?a=1&b=2"],
  ],
  [
    "one with a base",
    description(`<URLBase>http://192.168.1.1:80/x/</URLBase>${service("WANIPConnection:1", "ip")}`),
    ["http://192.168.1.1/x/ip"],
  ],
  ["one that points elsewhere", description(service("WANIPConnection:1", "http://8.8.4.4/")), []],
  ["one that is cut", description(service("WANIPConnection:1", "/ip")).slice(0, 230), []],
  ["no XML", "<service <<< 8.8.4.4 </service", []],
];
for (const [what, xml, controls] of descriptions) {
  test(`UPnP description: ${what}`, () => {
    const found = findServices(xml, new URL("http://192.168.1.1:5000/root.xml"));
    expect(found.map((one) => one.control.href)).toEqual([...controls]);
  });
}

test("64 KiB of the worst XML have nothing in them", () => {
  for (const piece of ["<", "<a", "</", "<service>", "</service", "<service>\n</", "&amp;"]) {
    const xml = piece.repeat(65_536 / piece.length);
    expect(findText(xml, "NewExternalIPAddress")).toBeUndefined();
    expect(findServices(xml, new URL("http://192.168.1.1/"))).toEqual([]);
  }
});

test("the default route with the lowest metric leads to the gateway", () => {
  const table = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
wlan0	00000000	FE01A8C0	0003	0	0	600	00000000	0	0	0
eth0	00000000	0101A8C0	0003	0	0	100	00000000	0	0	0
eth0	0001A8C0	00000000	0001	0	0	100	00FFFFFF	0	0	0
tun0	00000000	00000000	0001	0	0	50	00000000	0	0	0
`;
  expect(parseRoutes(table)?.text).toBe("192.168.1.1");
  expect(parseRoutes("Iface\tDestination\n")).toBeUndefined();
  expect(parseRoutes("")).toBeUndefined();
});

test("IPv6 addresses that pass are left out", () => {
  const rows = [
    ["26000000000000000000000000000001", "80"], // permanent
    ["26000000000000000000000000000002", "00"], // by router advertisement
    ["26000000000000000000000000000003", "01"], // temporary
    ["26000000000000000000000000000004", "20"], // deprecated
    ["26000000000000000000000000000005", "40"], // tentative
    ["26000000000000000000000000000006", "44"], // tentative, optimistic
    ["26000000000000000000000000000007", "48"], // somebody else has it
    ["26000000000000000000000000000008", "a0"], // permanent and deprecated
  ];
  const text = rows.map(([digits, flags]) => `${digits} 02 40 00 ${flags}     eth0\n`).join("");
  const found = parseIfInet6(
    `${text}26000000000000000000000000000009 03 40 00 80    eth01\n`,
    "eth0",
  );
  expect(found.map((address) => address.text)).toEqual(["2600::1", "2600::2", "2600::6"]);
});
