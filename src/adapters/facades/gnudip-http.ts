/**
 * GnuDIP over HTTP: a first request gets a salt, a second brings it back with the answer. Nothing is kept between
 * the two: salt and time are signed, and the client carries them.
 */

import { timingSafeEqual } from "node:crypto";
import type { DeviceReply } from "../device-request.ts";
import { originOf } from "../facade.ts";
import type { FacadeRequest, FacadeSurroundings } from "../facade.ts";
import { makeSalt, takeGnudipAnswer } from "../gnudip.ts";
import { findValues, hasKey } from "../parameters.ts";
import type { Service } from "../update-service.ts";

/** A client asks and answers in one go; until then the answer could be sent again by who has seen it. */
export const challengeSeconds = 60;

export async function answerGnudip(asked: FacadeRequest, service: Service): Promise<DeviceReply> {
  const { parameters, surroundings } = asked;
  if (!hasKey(parameters, "salt")) return printChallenge(surroundings);
  const last = (key: string): string => findValues(parameters, key).at(-1) ?? "";
  const salt = last("salt");
  // Too old, or of before a restart: that says nothing about the login, so it must not be told as a wrong one.
  if (!isOurs(salt, last("time"), last("sign"), surroundings)) return later;
  const result = await takeGnudipAnswer(
    {
      user: last("user"),
      digest: last("pass"),
      salt,
      domain: last("domn"),
      requestCode: last("reqc"),
      address: last("addr"),
    },
    originOf(asked),
    service,
  );
  if (result === "try-later") return later;
  const tellsAddress = result.code === "0" && last("reqc") === "2";
  return printMeta(200, {
    retc: result.code,
    ...(tellsAddress ? { addr: result.address } : {}),
  });
}

function printChallenge(surroundings: FacadeSurroundings): DeviceReply {
  const salt = makeSalt(surroundings.chance);
  const time = String(seconds(surroundings));
  return printMeta(200, { salt, time, sign: sign(salt, time, surroundings) });
}

function isOurs(
  salt: string,
  time: string,
  signature: string,
  surroundings: FacadeSurroundings,
): boolean {
  const expected = Buffer.from(sign(salt, time, surroundings));
  const given = Buffer.from(signature.toLowerCase(), "latin1");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  const ageSeconds = seconds(surroundings) - Number(time);
  return ageSeconds >= 0 && ageSeconds <= challengeSeconds;
}

/** HMAC-SHA-256, cut to the 32 digits that the original's MD5 has: more than a client may have room for. */
function sign(salt: string, time: string, { signingKey }: FacadeSurroundings): string {
  const hasher = new Bun.CryptoHasher("sha256", signingKey);
  return hasher.update(`${salt}.${time}`, "latin1").digest("hex").slice(0, signCharacters);
}

const signCharacters = 32;

function seconds({ clock }: FacadeSurroundings): number {
  return Math.floor(clock.now() / 1_000);
}

/** Clients look for the `meta` elements and for nothing else. Values hold letters, digits, dots and colons. */
function printMeta(
  status: DeviceReply["status"],
  values: Readonly<Record<string, string>>,
): DeviceReply {
  const meta = Object.entries(values).map(
    ([name, value]) => `<meta name="${name}" content="${value}">`,
  );
  const lines = [
    "<html>",
    "<head>",
    "<title>GnuDIP Update Server</title>",
    ...meta,
    "</head>",
    "<body>",
    "</body>",
    "</html>",
    "",
  ];
  return { status, contentType: "text/html", body: lines.join("\n") };
}

const later = printMeta(503, {});
