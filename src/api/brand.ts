/** Settings of run time and the logo, as they are in force: read from the store once, changed through here. */

import { findLogoFault, logoTypes } from "../core/logo.ts";
import type { Logo } from "../core/logo.ts";
import { mailTexts, renderMail } from "../core/mail-texts.ts";
import type { Mail, MailName } from "../core/mail-texts.ts";
import {
  RuntimeSettings,
  colourNames,
  colourSettingOf,
  isRuntimeSetting,
  mailSettingOf,
} from "../core/runtime-settings.ts";
import type { RuntimeSettingName } from "../core/runtime-settings.ts";

export interface SettingRows {
  listSettings(): Promise<readonly { readonly name: string; readonly value: Uint8Array | null }[]>;
  changeSettings(
    changes: readonly { readonly name: string; readonly value: Uint8Array | null }[],
  ): Promise<void>;
}

/** The rows of the logo, beside those of settings. */
const logoRow = "logo";
const logoTypeRow = "logoType";

export class Brand {
  readonly settings: RuntimeSettings;
  readonly #rows: SettingRows;
  #logo: Logo | undefined;

  private constructor(rows: SettingRows, settings: RuntimeSettings, logo: Logo | undefined) {
    this.#rows = rows;
    this.settings = settings;
    this.#logo = logo;
  }

  static async open(rows: SettingRows): Promise<Brand> {
    const settings = new RuntimeSettings();
    const found = new Map<string, Uint8Array>();
    for (const { name, value } of await rows.listSettings()) {
      if (value === null) continue;
      if (isRuntimeSetting(name)) settings.set(name, new TextDecoder().decode(value));
      else found.set(name, value);
    }
    const octets = found.get(logoRow);
    const written = new TextDecoder().decode(found.get(logoTypeRow));
    const type = logoTypes.find((each) => each === written);
    const logo = octets === undefined || type === undefined ? undefined : { type, octets };
    return new Brand(rows, settings, logo !== undefined && !findLogoFault(logo) ? logo : undefined);
  }

  get logo(): Logo | undefined {
    return this.#logo;
  }

  /** What pages need of it. */
  greeting(): { name: string; hasLogo: boolean; colours: Record<string, string> } {
    const colours = colourNames
      .map((name) => [name, this.settings.value(colourSettingOf(name))] as const)
      .filter(([, colour]) => colour !== "");
    return {
      name: this.settings.value("brandName"),
      hasLogo: this.#logo !== undefined,
      colours: Object.fromEntries(colours),
    };
  }

  /** Every text was read by its setting before. In force when it resolves. */
  async change(changes: ReadonlyMap<RuntimeSettingName, string | null>): Promise<void> {
    const rows = [...changes].map(([name, text]) => ({
      name,
      value: text === null ? null : new TextEncoder().encode(text),
    }));
    await this.#rows.changeSettings(rows);
    for (const [name, text] of changes) this.settings.set(name, text);
  }

  async setLogo(logo: Logo | undefined): Promise<void> {
    const type = logo === undefined ? null : new TextEncoder().encode(logo.type);
    await this.#rows.changeSettings([
      { name: logoRow, value: logo?.octets ?? null },
      { name: logoTypeRow, value: type },
    ]);
    this.#logo = logo;
  }

  /** A mail in the operator's words, under the operator's name. */
  mail(name: MailName, values: Readonly<Record<string, string>>): Mail {
    const text = this.settings.value(mailSettingOf(name)) || mailTexts[name].text;
    return renderMail(text, { brand: this.settings.value("brandName"), ...values });
  }
}
