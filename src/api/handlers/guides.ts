/** Guides for devices, with the values of a host filled in. */

import { fillGuide, fillTemplate } from "../../guides/fill-guide.ts";
import type { GuideValues } from "../../guides/fill-guide.ts";
import { findGuide, guides } from "../../guides/guides.ts";
import { deviceServer } from "../device-address.ts";
import type { DeviceAddress } from "../device-address.ts";
import type { Handlers } from "../handler.ts";
import { notFound } from "../refusal.ts";

export function guidesHandlers(devices: DeviceAddress): Handlers<"listGuides" | "getGuide"> {
  return {
    listGuides: () => ({
      items: guides.map(({ id, name, kind, words }) => ({ id, name, kind, words: [...words] })),
    }),
    getGuide({ parameters, query, request }) {
      const guide = findGuide(parameters.id);
      if (guide === undefined) throw notFound();
      const values: GuideValues = {
        host: query.host ?? "cam.example.com",
        username: query.username ?? "USERNAME",
        server: deviceServer(devices, request),
        port: devices.devicePort,
      };
      const { fields, text, warnings } = fillGuide(guide, values);
      const { id, name, kind, firmware, verified, menu, adapter } = guide;
      const steps = (guide.steps ?? []).map(({ question, advice }) => ({
        question,
        advice: fillTemplate(advice, values),
      }));
      const quirks = guide.quirks.map((quirk) => fillTemplate(quirk, values));
      return {
        id,
        name,
        kind,
        firmware,
        verified,
        menu,
        fields: [...fields],
        quirks,
        warnings: [...warnings],
        adapter,
        text,
        steps,
      };
    },
  };
}
