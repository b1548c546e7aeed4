import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { figure } from "../../src/display";
import * as figures from "../../src/figures";
import type { PlotlySpec, ScatterTrace } from "../../src/figures";
import { darkColours } from "../../src/figures/frame/dark-colours";
import { fit } from "../../src/figures/frame/fit";
import { plotlyConfig } from "../../src/figures/frame/plotly-config";
import { recolour } from "../../src/figures/frame/recolour";
import { figureHtml } from "../../src/export/html/figure-html";
import { exampleEpochs, exampleRun } from "./example-rows";
import { gallery } from "./gallery-examples";

const runs = ["VGG08", "VGG38"].map((name, at) =>
  exampleRun(name, { blocks: at, batchNorm: false, epochs: 3, decades: 3, best: 0.4 }),
);
const epochs = (losses: readonly (number | null)[]) =>
  losses.map((trainLoss, at) => ({
    ...exampleEpochs(1, 0.5)[0]!,
    epoch: at + 1,
    trainLoss: trainLoss as number,
    validationLoss: null,
    validationAccuracy: null,
  }));
const lines = (spec: PlotlySpec) => spec.data.filter((trace): trace is ScatterTrace => trace.type === "scatter");
const drawn = (name: string) => gallery.find((each) => each.name === name)!.draw("light");

describe("the frame", () => {
  const spec = figures.trainingCurves(runs);
  test("puts panels below each other where they would be too narrow, and the figure grows", () => {
    const [wide, narrow] = [fit(spec, 1000).layout, fit(spec, 400).layout];
    assert.ok(wide.xaxis!.domain![1] < wide.xaxis2!.domain![0]);
    assert.deepEqual(narrow.xaxis!.domain, narrow.xaxis2!.domain);
    assert.ok(narrow.yaxis2!.domain![1] < narrow.yaxis!.domain![0]);
    assert.ok(narrow.height! > wide.height!);
  });
  test("names the x axis below the last panel of a column only", () => {
    const narrow = fit(spec, 400).layout;
    assert.deepEqual([narrow.xaxis!.title!.text, narrow.xaxis2!.title!.text], ["", "epoch"]);
  });
  test("breaks a title into lines and gives the legend the rows it needs", () => {
    const long = figures.trainingCurves(runs, { title: "A title of some words ".repeat(5).trim() });
    assert.ok(fit(long, 400).layout.title!.text.split("<br>").length >= 3);
    assert.ok(fit(long, 400).layout.margin!.t! > fit(long, 1400).layout.margin!.t! + 40);
    assert.equal(fit(long, 2400).layout.title!.text.includes("<br>"), false);
  });
  test("leaves the figure that it is given as it was, and heeds what was changed in it", () => {
    const before = JSON.stringify(spec);
    fit(spec, 400);
    assert.equal(JSON.stringify(spec), before);
    const changed = { ...spec, layout: { ...spec.layout, yaxis: { ...spec.layout.yaxis, range: [0, 9] as const } } };
    assert.deepEqual(fit(changed, 900).layout.yaxis!.range, [0, 9]);
  });
  test("leaves the layout of figures alone that others made", () => {
    const own = { data: [], layout: { width: 300 } };
    assert.equal(fit(own, 900), own);
  });
  test("drops the last lines of what is written in a field until it fits, never the first before them", () => {
    const overview = drawn("experimentOverview");
    const texts = (width: number) => fit(overview, width).layout.annotations!.map(({ text }) => text);
    assert.ok(texts(1400).some((text) => /^\+\d\.\d\d<br>\d+ trials$/.test(text)));
    assert.equal(texts(400).some((text) => /trials/.test(text)), false); // prettier-ignore
  });
  test("keeps a height that is asked for", () => {
    assert.equal(fit(spec, 400, 350).layout.height, 350);
  });
  for (const { name, draw } of gallery)
    test(`${name}: all domains lie within the plot and none overlap, at any width`, () => {
      for (const width of [280, 400, 640, 1000, 2000]) {
        const { layout } = fit(draw("light"), width);
        const domains = Object.entries(layout).flatMap(([key, axis]) =>
          /^[xy]axis/.test(key) ? [(axis as { domain?: readonly [number, number] }).domain ?? [0, 1]] : [],
        );
        assert.ok(domains.length > 0 && domains.every(([from, to]) => from! >= 0 && to! <= 1 && from! < to!));
        assert.ok(Number.isFinite(layout.height) && layout.height! > 0);
      }
    });
});

describe("the page", () => {
  test("offers zooming, going back and saving, and sends nothing to anyone", () => {
    const config = plotlyConfig(drawn("trainingCurves"));
    assert.deepEqual(config.modeBarButtons, [["zoomIn2d", "zoomOut2d", "resetScale2d"], ["toImage"]]);
    assert.equal(config.plotlyServerURL, "");
    assert.equal(config.displaylogo, false);
    assert.equal(config.toImageButtonOptions?.filename, "training-curves");
  });
  test("brings the dark colours of every colour that a figure has, unless it has a theme of its own", () => {
    assert.match(figureHtml(figures.gradientFlow(runs)), /var dark = \{"#/);
    assert.match(figureHtml(figures.gradientFlow(runs, { theme: "light" })), /var dark = null/);
  });
  test("repaints a light figure as the dark one, colour by colour", () => {
    const twelve = exampleRun("VGG38", { blocks: 1, batchNorm: true, epochs: 12, decades: 3, best: 0.4 });
    for (const draw of [
      (theme?: "dark") => figures.gradientFlow(twelve, theme ? { theme } : {}),
      (theme?: "dark") => figures.trainingCurves(runs, theme ? { theme } : {}),
    ]) {
      const light = draw();
      const repainted = lines(recolour(light, darkColours(light))).map(({ line }) => line?.color);
      const dark = lines(draw("dark")).map(({ line }) => line?.color);
      const channels = (colour = "#000000") => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
      repainted.forEach((colour, at) =>
        channels(colour).forEach((value, channel) =>
          assert.ok(Math.abs(value - channels(dark[at])[channel]!) <= 4, `${colour} for ${dark[at]}`),
        ),
      );
    }
  });
});

describe("axes", () => {
  test("epochs are whole numbers from before the first to after the last", () => {
    const { xaxis } = figures.trainingCurves(runs).layout;
    assert.deepEqual([xaxis!.tick0, xaxis!.dtick], [1, 1]);
    assert.ok(xaxis!.range![0] > 0 && xaxis!.range![0] < 1 && xaxis!.range![1] > 3);
  });
  test("logarithmic axes label powers of ten, and twos and fives only where they show little more than one", () => {
    assert.equal(figures.gradientFlow(runs[1]!).layout.yaxis!.minorloglabels, "none");
    const close = [2e-5, 3e-5, 9e-5].map((meanAbs, index) => ({
      ...{ epoch: 1, step: 1, weight: "kernel", size: 9 },
      ...{ index, layer: `conv_${index}`, meanAbs },
    }));
    const { tickvals, ticktext } = figures.gradientFlow(close).layout.yaxis!;
    assert.deepEqual(tickvals, [1e-5, 2e-5, 5e-5, 1e-4]);
    assert.deepEqual(ticktext?.slice(2), ["5 × 10<sup>−5</sup>", "10<sup>−4</sup>"]);
  });
  test("panels of one comparison share their y scale, unless each asks for its own", () => {
    const trial = { model: "a", dataset: "d", group: "bn", ampFactor: 2, threshold: null, directionality: null, sides: null, seed: 0, baseline: 0.5 }; // prettier-ignore
    const trials = ["a", "b"].flatMap((model) => [0.1, 0.2].map((ampRatio) => ({ ...trial, model, ampRatio, accuracy: 0.6 }))); // prettier-ignore
    assert.equal(figures.accuracyAgainstRatio(trials).layout.yaxis2!.matches, "y");
    assert.equal(figures.accuracyAgainstRatio(trials, { scales: "own" }).layout.yaxis2!.matches, undefined);
  });
});

describe("faults that were seen", () => {
  test("the loss is named by what the run says it is, and not at all where nobody says it", () => {
    const loss = (options: object) => figures.trainingCurves({ ...runs[0]!, ...options }).layout.yaxis!.title!.text;
    assert.equal(loss({}), "loss");
    assert.equal(loss({ options: { loss: "crossEntropy" } }), "cross-entropy");
    assert.equal(loss({ options: { loss: "meanSquaredError" } }), "mean squared error");
    assert.equal(loss({ options: { loss: "(labels, logits) => 0" } }), "loss");
  });
  test("one split alone is named by the axis", () => {
    const titled = (splits: readonly ("train" | "test")[]) =>
      figures.trainingCurves(runs[0]!, { splits, metrics: ["accuracy"] }).layout.yaxis!.title!.text;
    assert.deepEqual([titled(["train"]), titled(["test"])], ["training accuracy", "test accuracy"]);
  });
  test("a diverged run is drawn: as a cross where no epoch ended, with crosses where its loss is not finite", () => {
    const dead = { name: "VGG38", status: "diverged", epochs: [] };
    const crosses = lines(figures.trainingCurves([runs[0]!, dead])).filter(({ marker }) => marker?.symbol === "x");
    assert.deepEqual(crosses[0]?.x, [1]);
    assert.match(crosses[0]?.hovertext?.[0] ?? "", /VGG38.*diverged before the first epoch ended/);
    const broken = lines(figures.trainingCurves(epochs([2, NaN, Infinity]), { metrics: ["loss"] }));
    assert.deepEqual(broken.find(({ marker }) => marker?.symbol === "x")?.x, [2, 3]);
    assert.throws(() => figures.trainingCurves({ name: "r", epochs: [] }), /Found no epoch rows of run r/);
  });
  test("one spike does not flatten a loss, and is marked; the way down from a high start is no spike", () => {
    const spiked = figures.trainingCurves(epochs([3, 2.8, 2.6, 2.5, 900, 2.3, 2.2, 2.1, 2, 1.9]), {
      metrics: ["loss"],
    });
    assert.ok(spiked.layout.yaxis!.range![1] < 4);
    assert.match(lines(spiked).at(-1)?.hovertext?.[0] ?? "", /epoch 5.*loss is 900/);
    const steep = epochs([40, 16, 7, 3, 1.2, 1.1, 1, 1, 0.9, 0.9, 0.9, 0.8]);
    assert.equal(figures.trainingCurves(steep, { metrics: ["loss"] }).layout.yaxis!.range, undefined);
    const all = epochs([3, 2.8, 2.6, 2.5, 900, 2.3, 2.2, 2.1, 2, 1.9]);
    assert.equal(figures.trainingCurves(all, { metrics: ["loss"], robust: false }).layout.yaxis!.range, undefined);
  });
  test("a loss has a logarithmic axis and smoothing by option, and what was measured stays there, pale", () => {
    const spec = figures.trainingCurves(epochs([4, 2, 4, 2]), { metrics: ["loss"], axis: "log", smoothing: 0.5 });
    assert.equal(spec.layout.yaxis!.type, "log");
    const [pale, smooth] = lines(spec);
    assert.deepEqual([pale?.y, pale?.opacity], [[4, 2, 4, 2], 0.3]);
    // (0.5·2 + 0.25·4) / 0.75 after two of them.
    assert.deepEqual(smooth?.y.slice(0, 2), [4, 2.66667]);
    for (const smoothing of [1, -0.1, NaN])
      assert.throws(() => figures.trainingCurves(runs, { smoothing }), /Expected smoothing to lie in \[0, 1\)/);
    assert.throws(() => figures.trainingCurves(runs, { axis: "sqrt" as "log" }), /"log" or "linear" but found "sqrt"/);
  });
  test("lines that lie on one another are said to", () => {
    const same = ["a", "b", "c"].map((name) => ({ name, epochs: epochs([2.3, 2.3, 2.3]) }));
    const [heading] = figures.trainingCurves(same, { metrics: ["loss"] }).layout.annotations!;
    assert.match(heading!.text, /the same: a, train; b, train; c, train/);
    const [plain] = figures.trainingCurves(runs.slice(0, 1), { metrics: ["loss"] }).layout.annotations!;
    assert.equal(plain!.text, "Loss");
  });
  test("a histogram has no bins in which nothing ever fell", () => {
    const row = { epoch: 1, step: 1, layer: "a", weight: "kernel", low: -40, high: 0 };
    const counts = Array.from({ length: 40 }, (_, bin) => (bin >= 30 && bin < 34 ? 5 : 0));
    assert.equal(figures.gradientHistogram([{ ...row, counts }]).data[0]!.y.length, 6);
  });
  test("a ratio's bars stand on 1, and bars of gradients on no arbitrary foot", () => {
    const [bars] = figures
      .rawAgainstAmplified([{ layer: "a", raw: 1, amplified: 4, selected: true }])
      .data.filter(({ type }) => type === "bar");
    assert.deepEqual([(bars as { base?: number }).base, bars!.y], [1, [3]]);
    const gradients = figures.gradientBars(runs[0]!);
    assert.deepEqual(gradients.data.map(({ type }) => type), ["bar", "scatter"]); // prettier-ignore
    assert.deepEqual((gradients.data[0] as { base?: unknown }).base, gradients.data[1]!.y);
  });
  test("bars that names tell apart have one colour, and those that should stand out their own", () => {
    const bars = (colours?: Record<string, string>) =>
      (figures.accuracyBars([{ name: "a", accuracy: 0.1 }, { name: "b", accuracy: 0.2 }], colours ? { colours } : {}).data[0] as unknown as { marker: { color: string[] } }).marker.color; // prettier-ignore
    assert.equal(new Set(bars()).size, 1);
    assert.equal(bars({ b: "#ff0000" })[1], "#ff0000");
  });
  test("a threshold is named in the legend, where it covers no bar", () => {
    const { annotations } = drawn("directionality").layout;
    assert.deepEqual(annotations ?? [], []);
    assert.ok(drawn("directionality").data.some(({ name }) => name === "threshold ±1.3"));
  });
  test("the overview's columns are sorted, and what was not run is not taken for no gain", () => {
    const { layout, data } = drawn("experimentOverview");
    assert.deepEqual(data[0]!.x, ["S1_xx", "S2_0.1_xx", "S2_0.3_xx", "S2_0.5_xx", "Γ 1 – 3", "Γ 1 – 10"]);
    assert.notEqual(layout.plot_bgcolor, figures.theme().ground);
    assert.ok(layout.annotations!.some(({ text }) => text === "not run"));
  });
  test("a network's title speaks of amplified layers where there are some, and its arcs stay in the picture", () => {
    const chain = Array.from({ length: 12 }, (_, at) => ({
      name: `l${at}`,
      type: at === 3 ? "Flatten" : "Conv2D",
      inputs: at === 0 ? [] : at === 11 ? ["l10", "l0"] : [`l${at - 1}`],
      parameters: 0,
      amplified: false,
    }));
    const spec = figures.networkDiagram(chain);
    assert.equal(spec.layout.title!.text, "The network");
    assert.ok(spec.data.some(({ name }) => name === "flatten"));
    // The arc of 11 layers rises by three quarters of 1.6 · (0.22 + 0.02 · 8).
    assert.ok(spec.layout.yaxis!.range![1] > 0.75 * 1.6 * 0.38);
  });
  test("updates of many layers are a map, of few layers lines that the legend names", () => {
    const rows = (layers: number) =>
      [1, 2, 3].flatMap((step) =>
        Array.from({ length: layers }, (_, index) => ({
          ...{ epoch: 1, step, index, layer: `conv_${index}`, weight: "kernel", size: 9, meanAbs: 1 },
          updateRatio: 1e-3 / step,
        })),
      );
    assert.equal(figures.updateRatio(rows(20)).data[0]!.type, "heatmap");
    assert.equal(lines(figures.updateRatio(rows(4))).filter(({ showlegend }) => showlegend).length, 5);
    assert.throws(() => figures.updateRatio(rows(4), { as: "bars" as "map" }), /"lines" or "map" but found "bars"/);
  });
  test("up to six epochs have a name in the legend, more have a colour bar", () => {
    const flow = (count: number) =>
      figures.gradientFlow(exampleRun("r", { blocks: 0, batchNorm: false, epochs: count, decades: 1, best: 0.5 }));
    assert.equal(lines(flow(6)).filter(({ showlegend }) => showlegend).length, 6);
    assert.equal(lines(flow(7)).filter(({ showlegend }) => showlegend).length, 0);
    assert.ok(flow(7).data.some((trace) => "marker" in trace && trace.marker?.showscale === true));
  });
  test("test accuracy that was measured once is a mark, and the legend names nothing that is not drawn", () => {
    const once = [1, 2, 3].map((epoch) => ({
      ...exampleEpochs(1, 0.5)[0]!,
      epoch,
      trainAccuracy: 0.2 * epoch,
      testAccuracy: epoch === 3 ? 0.5 : null,
    }));
    const spec = figures.bestModels([{ model: "VGG", originals: [{ epochs: once }], amplified: { epochs: once } }]);
    const testing = lines(spec).filter(({ name }) => name?.endsWith("testing"));
    assert.deepEqual(testing.map(({ mode }) => mode), ["lines+markers", "lines+markers"]); // prettier-ignore
    assert.ok(lines(spec).every(({ y }) => y.some((value) => value !== null)));
  });
});

test("figures keep their shape as `ga.figure` draws them", () => {
  assert.deepEqual(figure.trainingCurves(runs).spec, figures.trainingCurves(runs));
});
