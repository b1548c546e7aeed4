import type { Theme } from "./theme";

/**
 * A colour for each name, by its place in the list, so that a run keeps its colour across the figures of one list.
 * The first two are the papers' blue (original) and red (amplified).
 *
 * @param overrides Colours of one's own, by name.
 */
export function runColours(
  names: readonly string[],
  look: Theme,
  overrides: Readonly<Record<string, string>> = {},
): Map<string, string> {
  return new Map(
    [...new Set(names)].map((name, at) => [
      name,
      overrides[name] ?? look.categories[at % look.categories.length] ?? look.ink,
    ]),
  );
}
