import * as figures from "../figures";
import type { PlotlySpec } from "../figures";
import { Figure } from "./figure";

type Drawing<F> = F extends (...values: infer Values) => PlotlySpec ? (...values: Values) => Figure : never;
type Name = {
  [N in keyof typeof figures]: (typeof figures)[N] extends (...values: never[]) => PlotlySpec ? N : never;
}[keyof typeof figures];

const notFigures = new Set(["theme"]);

/** Every figure of `src/figures` as a function that returns a `Figure`, which can show and save itself. */
export type FigureFunctions = { readonly [N in Name]: Drawing<(typeof figures)[N]> };

/** `ga.figure`: the figures by name. */
export const figure: FigureFunctions = Object.freeze(
  Object.fromEntries(
    Object.entries(figures)
      .filter(([name]) => !notFigures.has(name))
      .map(([name, draw]) => [
        name,
        (...values: unknown[]) => new Figure((draw as (...values: unknown[]) => PlotlySpec)(...values)),
      ]),
  ),
) as unknown as FigureFunctions;
