/** Eight colours for light and dark, previewed as they are picked, with a warning where text could not be read. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAct } from "../asked.ts";
import {
  brandColourNames,
  brandColours,
  brandProperties,
  readShades,
  schemes,
} from "../palette.ts";
import type { BrandColourName, Scheme } from "../palette.ts";
import type { BrandPartProps } from "../brand-part.ts";
import { contrastNeeded, contrastRatio } from "../contrast.ts";
import { Button } from "../parts/button.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { textOf, Tick } from "../parts/field.tsx";
import { texts } from "../texts.ts";

const words = texts.brand;

interface Picked {
  readonly isOwn: boolean;
  readonly light: string;
  readonly dark: string;
}
type Palette = Readonly<Record<BrandColourName, Picked>>;

export function BrandColours({ settings, save }: BrandPartProps): JSX.Element {
  const readPalette = (): Palette => {
    const rows = brandColourNames.map((name) => {
      const text = settings.find((setting) => setting.name === settingOf(name))?.value ?? "";
      const own = readShades(text);
      const { light, dark } = own ?? brandColours[name];
      return [name, { isOwn: own !== undefined, light, dark }] as const;
    });
    return Object.fromEntries(rows) as Record<BrandColourName, Picked>;
  };
  const [palette, setPalette] = useState(readPalette);
  const { act, isBusy, trouble } = useAct();
  const put = (name: BrandColourName, change: Partial<Picked>): void =>
    setPalette((before) => ({ ...before, [name]: { ...before[name], ...change } }));
  const saveAll = (): Promise<void> => {
    const changes = brandColourNames.map((name) => {
      const { isOwn, light, dark } = palette[name];
      return [settingOf(name), isOwn ? `${light} ${dark}` : null] as const;
    });
    return save(Object.fromEntries(changes));
  };
  const reset = async (): Promise<void> => {
    await save(Object.fromEntries(brandColourNames.map((name) => [settingOf(name), null])));
    setPalette(ours);
  };
  return (
    <section class="card">
      <h2>{words.colours}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(saveAll);
        }}
      >
        <p>{words.coloursSays}</p>
        <div class="colours">
          {brandColourNames.map((name) => (
            <Colour key={name} name={name} picked={palette[name]} put={put} />
          ))}
        </div>
        <div class="previews">
          {schemes.map((scheme) => (
            <Preview key={scheme} palette={palette} scheme={scheme} />
          ))}
        </div>
        <Warnings palette={palette} />
        <TroubleNote trouble={trouble} />
        <div class="row">
          <Button kind="main" type="submit" isBusy={isBusy}>
            {words.saveColours}
          </Button>
          <Button isBusy={isBusy} onClick={() => void act(reset)}>
            {words.resetColours}
          </Button>
        </div>
      </form>
    </section>
  );
}

/** `accent-text` is the setting `colourAccentText`. */
function settingOf(name: BrandColourName): string {
  const words = name.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `colour${words.join("")}`;
}

const ours = Object.fromEntries(
  brandColourNames.map((name) => {
    const { light, dark } = brandColours[name];
    return [name, { isOwn: false, light, dark }];
  }),
) as Record<BrandColourName, Picked>;

function Colour({
  name,
  picked,
  put,
}: {
  readonly name: BrandColourName;
  readonly picked: Picked;
  readonly put: (name: BrandColourName, change: Partial<Picked>) => void;
}): JSX.Element {
  const title = words.colourNames[name];
  return (
    <div class="colour">
      <Tick
        label={title}
        isOn={picked.isOwn}
        put={(isOwn) => put(name, isOwn ? { isOwn } : ours[name])}
      />
      <div class="row">
        {schemes.map((scheme) => (
          <input
            key={scheme}
            type="color"
            aria-label={words.pick(title, words[scheme])}
            value={picked[scheme]}
            onInput={(event) => put(name, { isOwn: true, [scheme]: textOf(event) })}
          />
        ))}
      </div>
    </div>
  );
}

function Preview({
  palette,
  scheme,
}: {
  readonly palette: Palette;
  readonly scheme: Scheme;
}): JSX.Element {
  const colours = brandColourNames.map((name) => [name, palette[name][scheme]] as const);
  const style = { ...brandProperties(Object.fromEntries(colours)), colorScheme: scheme };
  return (
    <figure class="preview" style={style}>
      <figcaption>{words.preview(words[scheme])}</figcaption>
      <div class="card">
        <p>
          <b>{words.sample}</b> <span class="soft">{words.sampleSays}</span>
        </p>
        <p>
          <span class="state current">● {texts.states.current}</span>{" "}
          <span class="state quiet">◐ {texts.states.quiet}</span>{" "}
          <span class="state silent">◌ {texts.states.silent}</span>
        </p>
        <p class="row">
          <span class="button main">{words.sampleButton}</span>
          <span class="link">{texts.menu.guides}</span>
        </p>
      </div>
    </figure>
  );
}

/** What is read on what. */
const pairs = [
  ["text", "text", "background"],
  ["surface", "text", "surface"],
  ["button", "accent-text", "accent"],
  ["link", "accent", "background"],
  ["good", "good", "surface"],
  ["warning", "warning", "surface"],
  ["bad", "bad", "surface"],
] as const;

function Warnings({ palette }: { readonly palette: Palette }): JSX.Element {
  const found = schemes.flatMap((scheme) =>
    pairs.flatMap(([pair, one, other]) => {
      const ratio = contrastRatio(palette[one][scheme], palette[other][scheme]);
      if (ratio >= contrastNeeded) return [];
      return [words.contrast(words.pairs[pair], words[scheme], ratio.toFixed(1))];
    }),
  );
  return (
    <ul class={found.length === 0 ? "contrasts" : "contrasts warning"} role="status">
      {found.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
