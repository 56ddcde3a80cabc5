/** Where devices report: the name under which the service is known, and the port of its plain listener. */

export interface DeviceAddress {
  /** Where devices report, over plain HTTP. */
  readonly devicePort: number;
  /** The setting; empty: the name under which the page was asked for is the server's. */
  readonly publicUrl: string;
}

/** Without the brackets of an IPv6 literal. */
export function deviceServer({ publicUrl }: DeviceAddress, request: Request): string {
  return new URL(publicUrl === "" ? request.url : publicUrl).hostname.replace(/^\[|\]$/g, "");
}

/** `http://ddns.example.net:8245`; the port is left out where it is 80. */
export function printDeviceUrl(address: DeviceAddress, request: Request): string {
  const server = deviceServer(address, request);
  const name = server.includes(":") ? `[${server}]` : server;
  const { devicePort } = address;
  return `http://${name}${devicePort === 80 ? "" : `:${devicePort}`}`;
}
