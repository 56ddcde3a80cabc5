/** Settings with where each comes from, those of run time to change, and the logo. */

import { findLogoFault, logoOctetsMax, logoTypes } from "../../core/logo.ts";
import {
  isRuntimeSetting,
  runtimeSettingNames,
  runtimeSettings,
} from "../../core/runtime-settings.ts";
import type { RuntimeSetting, RuntimeSettingName } from "../../core/runtime-settings.ts";
import type { Audit } from "../audit.ts";
import type { Brand } from "../brand.ts";
import type { ReplyOf } from "../contract.ts";
import type { Handlers } from "../handler.ts";
import { Refusal } from "../refusal.ts";

export type Setting = ReplyOf<"listSettings">["items"][number];

export interface SettingsParts {
  readonly brand: Brand;
  readonly audit: Audit;
  /** What was given when the service started; only a restart changes it. */
  readonly startSettings: readonly Setting[];
}

export function settingsHandlers(
  parts: SettingsParts,
): Handlers<"listSettings" | "changeSettings" | "setLogo" | "removeLogo"> {
  const { brand, audit } = parts;
  const list = (): readonly Setting[] => [
    ...runtimeSettingNames.map((name) => printSetting(brand, name)),
    ...parts.startSettings,
  ];
  return {
    listSettings: () => ({ items: [...list()] }),
    async changeSettings(call) {
      const changes = readChanges(call.body, parts.startSettings);
      await brand.change(changes);
      for (const [name, text] of changes) {
        const detail = text === null ? "the default again" : text.slice(0, 200);
        const entry = { actor: call.caller, action: "setting.change", target: name, detail };
        await audit.note({ ...entry, result: "ok" }, call);
      }
      return { items: [...list()] };
    },
    async setLogo(call) {
      const written = call.request.headers.get("content-type") ?? "";
      const type = logoTypes.find((each) => each === written.split(";")[0]!.trim().toLowerCase());
      if (type === undefined) {
        const hint = `Send Content-Type: ${logoTypes.join(" or ")}.`;
        throw new Refusal(415, "not-a-logo", "The body must be a picture.", { hint });
      }
      const octets = await readAtMost(call.request, logoOctetsMax);
      const fault = findLogoFault({ type, octets });
      if (fault !== undefined) {
        const hint = "Wanted: PNG, or SVG that is nothing but shapes.";
        throw new Refusal(422, "not-a-logo", `This cannot be the logo. ${fault}`, { hint });
      }
      await brand.setLogo({ type, octets });
      const entry = { actor: call.caller, action: "logo.set", target: "logo" };
      await audit.note({ ...entry, result: "ok", detail: `${octets.length} octets` }, call);
      return undefined;
    },
    async removeLogo(call) {
      await brand.setLogo(undefined);
      const entry = { actor: call.caller, action: "logo.remove", target: "logo" };
      await audit.note({ ...entry, result: "ok" }, call);
      return undefined;
    },
  };
}

function printSetting({ settings }: Brand, name: RuntimeSettingName): Setting {
  const row: RuntimeSetting<unknown> = runtimeSettings[name];
  const { doc, wants, group, kind, choices = [], placeholders = [], fallback } = row;
  return {
    name,
    value: settings.text(name),
    origin: settings.isSet(name) ? "database" : "default",
    place: null,
    doc,
    wants,
    canChange: true,
    isSecret: false,
    group,
    kind,
    choices: [...choices],
    placeholders: [...placeholders],
    fallback,
  };
}

/** All mistakes at once; one of them, and nothing is changed. */
function readChanges(
  body: Readonly<Record<string, string | null>>,
  fixed: readonly Setting[],
): ReadonlyMap<RuntimeSettingName, string | null> {
  const changes = new Map<RuntimeSettingName, string | null>();
  const errors: { pointer: string; detail: string }[] = [];
  for (const [name, text] of Object.entries(body)) {
    const pointer = `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (isRuntimeSetting(name)) {
      const row: RuntimeSetting<unknown> = runtimeSettings[name];
      if (text === null || row.parse(text) !== undefined) changes.set(name, text);
      else {
        const why = row.explain?.(text);
        const detail = `${why === undefined ? "" : `It cannot be so: ${why}. `}Wanted: ${row.wants}.`;
        errors.push({ pointer, detail });
      }
    } else {
      const place = fixed.find((setting) => setting.name === name)?.place;
      const detail =
        place === undefined
          ? "There is no such setting."
          : `It is set by ${place ?? "its default"} and changes when the service starts again.`;
      errors.push({ pointer, detail });
    }
  }
  if (errors.length === 0) return changes;
  throw new Refusal(422, "invalid", "Nothing was changed: a setting is not as it must be.", {
    errors,
  });
}

/** Stops reading where it is too long, whatever length was said. */
async function readAtMost(request: Request, octetsMax: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let octets = 0;
  for await (const part of request.body ?? []) {
    octets += part.length;
    if (octets > octetsMax) throw new Refusal(413, "too-long", "The body is too long.");
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
