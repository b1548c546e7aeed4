/**
 * A directionality ratio: `"G"` and `"GPrime"` (G′) as in eq. 4 and 5 of Basodi et al. 2023; `"GNet"` is eq. 4 read
 * with the absolute value around the sum over the whole layer, as the text of section 3.2 describes G.
 */
export type Directionality = "G" | "GPrime" | "GNet";

/** How each ratio is printed. */
const SYMBOLS: Readonly<Record<Directionality, string>> = { G: "G", GPrime: "G′", GNet: "G net" };

/** All ratios. */
export const DIRECTIONALITIES = Object.keys(SYMBOLS) as readonly Directionality[] as readonly [
  Directionality,
  ...Directionality[],
];

/** How a ratio, or what else decided on layers, is printed: G, G′, G net. */
export const ratioSymbol = (by: string): string => (by in SYMBOLS ? SYMBOLS[by as Directionality] : by);

/** How a normalised ratio is printed: Ĝ, Ĝ′, Ĝ net. */
export const normalisedSymbol = (by: string): string => ratioSymbol(by).replace("G", "Ĝ");
