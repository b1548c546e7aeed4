import { randomUUID } from "node:crypto";
import { displayBundle } from "../../cell/display-bundle";
import { kernelCell } from "../../cell/kernel-cell";
import type { MimeBundle } from "../../cell/running-cell";
import { figureHtml } from "../../export/html/figure-html";
import { type DirectionalityOptions, directionality } from "../../figures";
import { DIRECTIONALITY_KINDS } from "../../figures/directionality";
import { checkArgument, checkOptions, checkRows } from "../../options";
import { selectionRows, type JudgedLayer, type RunLike } from "../../rows";
import { ensurePlotly } from "../ensure-plotly";
import { Widget } from "./widget";

/** What the slider and the notebook share. */
export interface ThresholdState extends Record<string, unknown> {
  /** Where the slider stands, in units of the deviation over the layers. */
  threshold: number;
  /** The layers that would be chosen. */
  chosen: string[];
  /** How many layers there are. */
  layers: number;
  /** Where the slider begins. */
  minimum: number;
  /** Where it ends. */
  maximum: number;
}

const esm = `export default {
  render({ model, el }) {
    const slider = Object.assign(document.createElement("input"), { type: "range", step: "any" });
    const value = document.createElement("output");
    const chosen = document.createElement("p");
    slider.style.width = "24em";
    slider.setAttribute("aria-label", "threshold");
    const draw = () => {
      slider.min = model.get("minimum");
      slider.max = model.get("maximum");
      slider.value = model.get("threshold");
      value.textContent = " threshold " + model.get("threshold").toFixed(2);
      const names = model.get("chosen");
      chosen.textContent = names.length + " of " + model.get("layers") + " layers would be amplified" + (names.length ? ": " + names.join(", ") : "");
    };
    slider.addEventListener("input", () => {
      model.set("threshold", Number(slider.value));
      model.save_changes();
    });
    model.on("change", draw);
    draw();
    el.append(slider, value, chosen);
  },
};`;

/**
 * The directionality of a run's layers with a slider for the threshold: which layers would be chosen at another one. The
 * figure is drawn anew while the slider moves, by the rule with which training chooses.
 *
 * @param source A run with an intelligent schedule or the statistic "directionality", or the rows of one epoch.
 * @param options Those of `ga.figure.directionality`; `threshold` is where the slider begins, by default where the run's
 *   selection was, else at 1.
 * @returns The slider; `state.chosen` are the layers. `show` shows slider and figure.
 * @throws {TypeError} for an option that it does not know or of a wrong kind
 * @throws {RangeError} if there are no rows
 * @example
 * import * as ga from "gradamp";
 * const slider = ga.thresholdSlider(
 *   [
 *     { layer: "conv_0", ratio: 0.2, normalized: -0.7, selected: false },
 *     { layer: "conv_1", ratio: 0.6, normalized: 1.4, selected: true },
 *   ],
 *   { threshold: 1 },
 * );
 * console.log(slider.state.chosen); // ["conv_1"]
 */
export function thresholdSlider(
  source: RunLike | readonly JudgedLayer[],
  options: DirectionalityOptions = {},
): Widget<ThresholdState> {
  checkOptions("thresholdSlider", options, DIRECTIONALITY_KINDS);
  checkArgument(source, "a run, or a list of layers and their ratios,");
  if (Array.isArray(source)) checkRows(source, "a run, or a list of layers, { layer, ratio, normalized, selected },");
  const found = Array.isArray(source)
    ? { rows: source as readonly JudgedLayer[], threshold: null, sides: "one" as const, directionality: "G" as const }
    : selectionRows(source as RunLike, {
        epoch: options.epoch ?? null,
        directionality: options.directionality ?? null,
      });
  const { rows } = found;
  if (rows.length === 0) throw new RangeError("Expected the directionality of at least one layer but found none");
  const sides = options.sides ?? found.sides;
  const ratio = options.directionality ?? found.directionality;
  const valueOf = ({ normalized }: JudgedLayer) =>
    sides === "both" ? Math.abs(normalized ?? NaN) : (normalized ?? NaN);
  const judged = (threshold: number) => rows.map((row) => ({ ...row, selected: valueOf(row) > threshold }));
  const chosenAt = (threshold: number) => judged(threshold).filter(({ selected }) => selected).map(({ layer }) => layer); // prettier-ignore
  const finite = rows.map(valueOf).filter((value) => Number.isFinite(value));
  const threshold = options.threshold ?? found.threshold ?? 1;
  const state: ThresholdState = {
    threshold,
    chosen: chosenAt(threshold),
    layers: rows.length,
    minimum: Math.min(0, threshold, ...(sides === "both" ? [] : finite)),
    maximum: Math.max(1, threshold, ...finite),
  };
  const slider = new Widget<ThresholdState>({ esm, state });
  const draw = (at: number) => {
    const spec = directionality(judged(at), { ...options, threshold: at, sides, directionality: ratio });
    const text = `Directionality at threshold ${at}: ${chosenAt(at).join(", ") || "no layer"}`;
    return { "text/html": figureHtml(spec), "text/plain": text };
  };
  const shown = new Set<(at: number) => void>();
  slider.onChange(({ threshold: at }) => {
    if (at === undefined) return;
    slider.set({ chosen: chosenAt(at) });
    for (const update of shown) update(at);
  });
  const showFigure = () => {
    const displayId = randomUUID();
    displayBundle(draw(slider.state.threshold), { displayId });
    const cell = kernelCell();
    shown.add((at) => cell?.write({ data: draw(at), metadata: {}, transient: { display_id: displayId } }, true));
  };
  const display = Symbol.for("Jupyter.display");
  const own = (slider as unknown as Record<symbol, () => MimeBundle>)[display]!.bind(slider);
  // With the slider goes its figure, however it is shown.
  const show = () => {
    ensurePlotly();
    displayBundle(own());
    showFigure();
  };
  const bundle = () => {
    ensurePlotly();
    showFigure();
    return own();
  };
  Object.defineProperties(slider, { show: { value: show }, [display]: { value: bundle } });
  return slider;
}
