/** The exploring figures, each drawn from what a real training run recorded. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { intelligentStages } from "../../src/amplification";
import * as figures from "../../src/figures";
import type { PlotlySpec, PlotlyTrace } from "../../src/figures";
import { networkLayers } from "../../src/models";
import { type Run, startTraining } from "../../src/training";
import { tinyData, tinyModel } from "../support/tiny";

const model = tinyModel({ batchNorm: true });
let run: Run;

before(async () => {
  run = await startTraining(model, tinyData({ train: 45, validation: 0, test: 0 }), {
    stages: intelligentStages({
      directionality: "GPrime",
      sides: "both",
      threshold: 0.7,
      schedule: [[1, 0.05, 0, 1], [4, 0.05, 1, 4]], // prettier-ignore
    }),
    batchSize: 20,
    measure: {
      statistics: ["gradientFlow", "norms", "updates", "histogram", "outputs", "amplification", "directionality"],
      every: 2,
    },
  }).finished;
});

const trace = (spec: PlotlySpec, name: string) => spec.data.find((one) => "name" in one && one.name === name) as PlotlyTrace & { x: unknown[]; y: (number | null)[] }; // prettier-ignore
const title = (spec: PlotlySpec) => JSON.stringify(spec.layout.title);

describe("figures from a training run", () => {
  test("layerHistory: one layer over the steps, with quantiles and maximum", () => {
    const spec = figures.layerHistory(run, { layer: "reduction_block_0_conv_0" });
    assert.deepEqual(trace(spec, "mean").x, [2, 4, 6, 8, 10, 12]);
    for (const name of ["median", "max", "25–75%", "5–95%"]) {
      assert.ok(
        trace(spec, name).y.every((value) => typeof value === "number" && value > 0),
        name,
      );
    }
  });

  test("updateRatio: one line a layer over the steps", () => {
    const spec = figures.updateRatio(run, { as: "lines" });
    const lines = spec.data.filter((one) => "y" in one && (one.y as unknown[]).length === 6);
    // 7 convolutions, 7 gammas and the head's kernel.
    assert.equal(lines.length, 15);
  });

  test("gradientHistogram: all steps of one weight tensor", () => {
    const spec = figures.gradientHistogram(run, { layer: "weight_logit_linear_layer" });
    const [heat] = spec.data as unknown as { x: string[]; y: number[]; z: (number | null)[][] }[];
    assert.deepEqual(heat!.x, ["2", "4", "6", "8", "10", "12"]);
    // Of 40 bins those that hold something, and one on either side.
    assert.ok(heat!.y.length < 40 && heat!.z[1]!.some((share) => share !== null));
    heat!.x.forEach((_, step) => {
      const shares = heat!.z.reduce((sum, bin) => sum + (bin[step] ?? 0), 0);
      assert.ok(Math.abs(shares - 1) < 0.02, `${shares}`);
    });
  });

  test("directionality: the selection with its threshold", () => {
    const spec = figures.directionality(run);
    const chosen = run.selections.filter(({ selected }) => selected).map(({ layer }) => layer);
    assert.ok(chosen.length > 0);
    assert.deepEqual(trace(spec, `amplified (${chosen.length} of 15)`).x, chosen);
    assert.deepEqual(spec.data.filter(({ legendgroup }) => legendgroup === "threshold").map(({ y }) => y[0]), [0.7, -0.7]); // prettier-ignore
    assert.match(title(spec), /Ĝ′/);
    // Epoch 4 was measured and decided nothing.
    const measured = figures.directionality(run, { epoch: 4, directionality: "G" });
    assert.equal(trace(measured, "not amplified").x.length, 15);
    assert.deepEqual(measured.data.length, 2);
  });

  test("activations: every layer's outputs at the last measured step, or an epoch's", () => {
    const spec = figures.activations(run);
    const names = networkLayers(model).map(({ name }) => name).slice(1); // prettier-ignore
    assert.deepEqual(trace(spec, "mean").x, names);
    assert.notDeepEqual(trace(figures.activations(run, { epoch: 1 }), "mean").y, trace(spec, "mean").y);
  });

  test("rawAgainstAmplified: factors grow from head to input, by 4 at each amplified layer of a chain", () => {
    const spec = figures.rawAgainstAmplified(run);
    const chosen = run.selections.filter(({ selected }) => selected).map(({ layer }) => layer);
    const { x, y: above, base } = trace(spec, "factor") as unknown as { x: unknown[]; y: number[]; base: number };
    assert.equal(base, 1);
    const y = above.map((value) => value + base);
    assert.deepEqual(trace(spec, "amplifies").x, chosen);
    x.forEach((layer, at) => {
      const from = x.slice(at).filter((other) => chosen.includes(other as string)).length;
      assert.ok(Math.abs(Math.log2(y[at]!) - 2 * from) < 0.05, `${String(layer)}: ${y[at]} for ${from}`);
    });
    assert.ok(Number(y[0]) > Number(y.at(-1)));
  });

  test("networkDiagram: the amplified layers in red", () => {
    const chosen = run.selections.filter(({ selected }) => selected).map(({ layer }) => layer);
    const spec = figures.networkDiagram(networkLayers(model, { amplified: chosen }));
    const red = spec.data.filter((one) => "name" in one && String(one.name).endsWith(", amplified"));
    assert.equal(red.reduce((sum, one) => sum + (one as unknown as { x: unknown[] }).x.length, 0), chosen.length); // prettier-ignore
  });

  test("gradientBars and gradientHeatmap take the same rows", () => {
    assert.ok(figures.gradientBars(run).data.length >= 2);
    assert.ok(figures.gradientHeatmap(run).data.length >= 1);
  });

  test("what was not measured is refused with the remedy", async () => {
    const plain = await startTraining(tinyModel(), tinyData({ train: 20, validation: 0, test: 0 }), { epochs: 1 }).finished; // prettier-ignore
    const refused = (draw: () => unknown, message: RegExp) => assert.throws(draw, { name: "RangeError", message });
    refused(() => figures.activations(plain), /Found no outputs; train with measure: \{ statistics: \["outputs"\] \}/);
    refused(() => figures.directionality(plain), /\["directionality"\]/);
    refused(() => figures.rawAgainstAmplified(plain), /\["amplification"\]/);
    refused(() => figures.gradientHistogram(plain), /measure the statistic "histogram"/);
    refused(() => figures.updateRatio(plain), /updateRatio/);
    refused(() => figures.activations(run, { epoch: 9 }), /found 9: the run has outputs of epochs 1, 2, 3, 4/);
  });
});
