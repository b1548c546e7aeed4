import type { Field, Fields, Kind } from "../options";

/** Where in a description a flag's value goes. */
export interface Place {
  /** The names that lead there: `["optimizer", "momentum"]`. */
  readonly path: readonly string[];
  readonly field: Field<unknown, unknown>;
  /** Of which of several objects it is an option, and where the name of that stands; null where there is but one. */
  readonly variant: { readonly path: readonly string[]; readonly name: string } | null;
}

/** A flag of the command line, as the description of a training makes it. */
export interface Flag {
  /** `"--batch-size"`; one that says no is `"--no-augmentation"`. */
  readonly long: string;
  /** What follows it: `"<number>"`; null where nothing does. */
  readonly placeholder: string | null;
  /** What it sets, where it takes no word. */
  readonly sets?: boolean | null;
  readonly places: readonly Place[];
  /** What it was called before. */
  readonly old?: string;
  /** Whether it is left out of --help: it says what holds anyway, but where a configuration says otherwise. */
  readonly hidden: boolean;
}

/** "ampRatio" as it stands on a command line: "amp-ratio". */
export const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * Every flag of a table of options: each option has one, called after it unless its entry says otherwise. Options of an
 * object within come by their own entries; what several objects have alike is one flag.
 *
 * @throws {Error} if two options that are not alike would have the same flag
 */
export function flagsOf(fields: Fields): Flag[] {
  const found = new Map<string, Flag>();
  const add = (flag: Omit<Flag, "places">, place: Place, isOwn: boolean) => {
    const before = found.get(flag.long);
    const isShared = before && (isOwn || before.places.some(({ path }) => path.join() === place.path.join()));
    if (before && !isShared) throw new Error(`Expected one option called ${flag.long} but found ${before.places[0]!.path.join(".")} and ${place.path.join(".")}: give one a flag of its own`); // prettier-ignore
    found.set(flag.long, { ...flag, places: [...(before?.places ?? []), place] });
  };
  const walk = (table: Fields, path: readonly string[], prefix: string, variant: Place["variant"]) => {
    for (const [name, field] of Object.entries(table)) {
      if (field.onlyJavaScript || field.flag === null) continue;
      const kind = field.kind as Kind<unknown>;
      const own = field.flag as string | undefined;
      const [long = "", word] = (own ?? `--${prefix}${dashed(name)}`).split(" ");
      const place = { path: [...path, name], field, variant };
      const base = { long, ...(field.oldFlag ? { old: field.oldFlag } : {}) };
      const negative = `--no-${long.replace(/^--(no-)?/, "")}`;
      if (kind.variants) {
        add({ ...base, placeholder: word ?? "<name>", hidden: false }, { ...place, path: [...place.path, "name"] }, own !== undefined); // prettier-ignore
        const told = kind.byModule?.["options"] as Fields[string] | undefined;
        if (told) add({ long: `${long}-options`, placeholder: "<json>", hidden: false }, { path: [...place.path, "options"], field: told, variant: null }, false); // prettier-ignore
        for (const [which, options] of Object.entries(kind.variants))
          walk(options as Fields, kind.inner ? [...place.path, kind.inner] : place.path, "", { path: [...place.path, "name"], name: which }); // prettier-ignore
      } else if (kind.fields && !kind.fromText) {
        if (kind.isNullable && field.default !== null)
          add({ long: negative, placeholder: null, sets: null, hidden: false }, place, own !== undefined);
        walk(kind.fields as Fields, place.path, `${dashed(name)}-`, variant);
      } else if (kind.isYesNo) {
        const positive = `--${negative.slice(5)}`;
        const isOn = field.default === true;
        add({ ...base, long: positive, placeholder: null, sets: true, hidden: isOn }, place, own !== undefined);
        add(
          { long: negative, placeholder: null, sets: false, hidden: field.default === false },
          place,
          own !== undefined,
        );
      } else {
        add({ ...base, placeholder: word ?? `<${kind.word ?? "value"}>`, hidden: false }, place, own !== undefined);
        if (kind.isNullable && field.default !== null && field.default !== undefined)
          add({ long: negative, placeholder: null, sets: null, hidden: false }, place, own !== undefined);
      }
    }
  };
  walk(fields, [], "", null);
  return [...found.values()];
}

/**
 * The value that a word of the command line stands for: as its kind reads it, as JSON where that is what it is, or the
 * word.
 */
export function valueOfWord(kind: Kind<unknown>, word: string): unknown {
  if (kind.fromText) return kind.fromText(word);
  if (kind.word === "text" || kind.choices) return word;
  try {
    return JSON.parse(word) as unknown;
  } catch {
    return word;
  }
}
