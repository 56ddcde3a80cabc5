import { expect, test } from "bun:test";
import { printDeviceUrl } from "./device-address.ts";

const cases: readonly [publicUrl: string, devicePort: number, asked: string, url: string][] = [
  ["", 8_245, "http://192.0.2.7:8080/hosts", "http://192.0.2.7:8245"],
  ["", 80, "https://ddns.example.net/", "http://ddns.example.net"],
  ["https://ddns.example.net", 8_245, "http://127.0.0.1:8080/", "http://ddns.example.net:8245"],
  ["", 8_245, "http://[2001:db8::1]:8080/", "http://[2001:db8::1]:8245"],
];

for (const [publicUrl, devicePort, asked, url] of cases)
  test(`who asked ${asked} finds devices' listener at ${url}`, () => {
    expect(printDeviceUrl({ publicUrl, devicePort }, new Request(asked))).toBe(url);
  });
