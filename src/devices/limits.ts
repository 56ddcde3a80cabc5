/** What the device listener bears: every deadline and every cap, by the name under which it is counted. */

export interface DeviceLimits {
  /** From the connection to the end of the head. */
  readonly headMs: number;
  /** From the end of the head to the end of the body. */
  readonly bodyMs: number;
  /** A request line without a version and nothing behind it is HTTP/0.9 after this much silence. */
  readonly silenceMs: number;
  /** From the request to the answer of the service. */
  readonly answerMs: number;
  /** For a reply that the peer's window did not take at once. */
  readonly writeMs: number;
  /** From our FIN to closing the socket, if the peer does not close. */
  readonly lingerMs: number;
  /** What is read and thrown away while lingering. */
  readonly lingerOctets: number;
  /** When the listener closes: for the replies that are under way. */
  readonly closeMs: number;
  /** Open connections of one listener. */
  readonly connections: number;
  /** Open connections of one IPv4 address or one IPv6 /64. */
  readonly connectionsPerAddress: number;
  /** Connections of one listener whose answer waits, see `DeviceReply.holdMs`. */
  readonly heldConnections: number;
  /** Of those, the ones of one IPv4 address or one IPv6 /64. */
  readonly heldConnectionsPerAddress: number;
}

export const deviceLimits: DeviceLimits = {
  headMs: 10_000, // a serial-line modem sends a whole head in two seconds
  bodyMs: 10_000,
  silenceMs: 300, // a TVT recorder gives up on its first `recv` only after 3 s
  answerMs: 10_000, // ddclient and inadyn wait 10 s and more
  writeMs: 10_000,
  lingerMs: 1_000,
  lingerOctets: 262_144, // enough for what was under way, too little to be worth sending
  closeMs: 2_000,
  connections: 10_000,
  connectionsPerAddress: 1_000, // many cameras behind one carrier's address are no attack
  heldConnections: 1_000, // a tenth of all: those that wait leave the others their place
  heldConnectionsPerAddress: 100,
};
