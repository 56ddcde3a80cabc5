/** What to do where no guide fits: questions in order, the first that is answered with yes ends it. */

import type { Guide } from "./guide.ts";

const tree = {
  kind: "decision",
  firmware: "",
  verified: null,
  menu: "",
  fields: [],
  quirks: [],
  adapter: "",
  examples: [],
} as const;

export const decisionTrees: readonly Guide[] = [
  {
    ...tree,
    id: "no-custom-server",
    name: "My device has no custom-server field",
    words: ["preset", "fixed provider", "no-ip", "dyndns.org"],
    steps: [
      {
        question:
          "Does its list offer DynDNS, No-IP or another fixed provider, and can you change what names mean on your LAN?",
        advice:
          "Choose the provider, and let your LAN's resolver answer the provider's name (members.dyndns.org, dynupdate.no-ip.com) with the address of {serverName}. Devices that insist on HTTPS will notice and refuse.",
      },
      {
        question:
          "Is there another device on the LAN that has the field: the router, a NAS, a small computer?",
        advice: "Let that device report. All devices behind one router share its IPv4 address.",
      },
      {
        question: "Is there a computer that always runs?",
        advice: "Install the update client there: see the guide “Linux, macOS, Windows”.",
      },
      {
        question: "Can the device send DNS UPDATE (RFC 2136) with a key?",
        advice: "Ask your operator whether this server takes it for your host.",
      },
    ],
  },
  {
    ...tree,
    id: "cgnat",
    name: "I am behind CGNAT",
    words: ["carrier-grade nat", "ds-lite", "100.64", "shared address", "private address"],
    steps: [
      {
        question: "Does your router have a public IPv6 address?",
        advice:
          "Report that one: a name with an IPv6 address alone works for everybody who has IPv6. The IPv4 address is your provider's and leads nobody to you.",
      },
      {
        question: "Does your provider give out public IPv4 addresses on request?",
        advice:
          "Ask for one. Often it costs nothing or little, and everything else here then works as written.",
      },
      {
        question: "Do you have a machine with a public address, or may you rent one?",
        advice:
          "Make a tunnel or a VPN from home to that machine and give the host its address. A name alone cannot lead through CGNAT.",
      },
    ],
  },
];
