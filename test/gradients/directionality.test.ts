import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { selectByDirectionality } from "../../src/rows";
import { type Directionality, type Sides } from "../../src/amplification";
import {
  directionality,
  epochMeasurement,
  HISTOGRAM_RANGE,
  type ObservedStep,
  STATISTICS,
  weightTensors,
} from "../../src/gradients";
import { type LayersModel, type Tensor, tf } from "../../src/tensorflow";
import { root } from "../support/committed-text";
import { tidied } from "../support/tidied";

interface Fixture {
  name: string;
  steps: number;
  gradients: Record<string, { shape: number[]; steps: number[][] }[]>;
  ratios: {
    layer: string;
    G: number;
    GPrime: number;
    GNet: number;
    normalisedG: number;
    normalisedGPrime: number;
    normalisedGNet: number;
  }[];
  selections: { directionality: Directionality; sides: Sides; threshold: number; layers: string[] }[];
}

const { cases } = JSON.parse(
  readFileSync(join(root, "test/fixtures/numpy/directionality.json"), "utf8"),
) as { cases: Fixture[] }; // prettier-ignore

/** A model with a layer for each of the fixture's, which owns its weight tensors. */
class Owner extends tf.layers.Layer {
  static className = "Owner";
  constructor(
    name: string,
    readonly shapes: number[][],
  ) {
    super({ name });
  }
  override build(): void {
    this.shapes.forEach((shape, at) => this.addWeight(`w${at}`, shape, "float32", tf.initializers.zeros()));
    this.built = true;
  }
  override call(inputs: Tensor | Tensor[]): Tensor {
    return [inputs].flat()[0]!.clone();
  }
  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }
}

function owningModel({ gradients }: Fixture): LayersModel {
  const input = tf.input({ shape: [1] });
  const output = Object.entries(gradients).reduce(
    (x, [name, tensors]) => new Owner(name, tensors.map(({ shape }) => shape)).apply(x) as typeof input, // prettier-ignore
    input,
  );
  return tf.model({ inputs: input, outputs: output });
}

const near = (found: number, expected: number, what: string) =>
  assert.ok(Math.abs(found - expected) <= 2e-6 * Math.max(1, Math.abs(expected)), `${what}: ${found} against ${expected}`); // prettier-ignore

for (const fixture of cases) {
  describe(`numpy: ${fixture.name}`, () => {
    const { steps, gradients, ratios } = fixture;

    test("ga.directionality gives its ratios", () => {
      for (const { layer, G, GPrime, GNet } of ratios) {
        const found = tidied(() =>
          directionality(
            Array.from({ length: steps }, (_, j) =>
              gradients[layer]!.map(({ shape, steps: values }) => tf.tensor(values[j]!, shape)),
            ),
          ),
        );
        near(found.G, G, `G of ${layer}`);
        near(found.GPrime, GPrime, `G′ of ${layer}`);
        near(found.GNet, GNet, `G net of ${layer}`);
      }
    });

    test("the observer gives them, one number a layer, and its selections are numpy's", async () => {
      const model = owningModel(fixture);
      const observer = measurementOf(model);
      for (let j = 0; j < steps; j++) {
        tf.tidy(() => {
          const raw = Object.values(gradients).flatMap((tensors) =>
            tensors.map(({ shape, steps: values }) => tf.tensor(values[j]!, shape)),
          );
          observer.observe({ raw, clipped: raw, weights: raw, updated: raw } satisfies ObservedStep);
        });
      }
      const rows = observer.rows(await observer.read(), { epoch: 51, step: 9 }).directionality!;
      assert.deepEqual(rows.map(({ layer }) => layer), ratios.map(({ layer }) => layer)); // prettier-ignore
      rows.forEach((row, at) => {
        near(row.G, ratios[at]!.G, `G of ${row.layer}`);
        near(row.GPrime, ratios[at]!.GPrime, `G′ of ${row.layer}`);
        near(row.GNet!, ratios[at]!.GNet, `G net of ${row.layer}`);
        assert.deepEqual([row.epoch, row.step, row.index], [51, 9, at]);
      });
      for (const { directionality: which, sides, threshold, layers } of fixture.selections) {
        const found = selectByDirectionality(rows.map((row) => ({ layer: row.layer, ratio: row[which]! })), { sides, threshold }); // prettier-ignore
        assert.deepEqual(found.filter(({ selected }) => selected).map(({ layer }) => layer), layers, `${which} ${sides} ${threshold}`); // prettier-ignore
        found.forEach(({ normalized }, at) => near(normalized, ratios[at]![`normalised${which}`], "normalised"));
      }
      observer.dispose();
    });
  });
}

function measurementOf(model: LayersModel) {
  const network = { weights: weightTensors(model), layers: [], range: HISTOGRAM_RANGE };
  return epochMeasurement(STATISTICS.directionality, network);
}

describe("edge cases", () => {
  const of = (...steps: number[][]) => tidied(() => directionality(steps.map((step) => tf.tensor1d(step))));

  test("steady gradients have 1, gradients that cancel have 0, none at all 0", () => {
    assert.deepEqual(of([1, -2], [3, -4]), { G: 1, GPrime: 1, GNet: Math.fround(0.2) });
    assert.deepEqual(of([1, -2], [-1, 2]), { G: 0, GPrime: 0, GNet: 0 });
    assert.deepEqual(of([0, 0], [0, 0]), { G: 0, GPrime: 0, GNet: 0 });
  });

  test("a weight without a gradient counts 0 in G′ and nothing in G", () => {
    assert.deepEqual(of([0, 1], [0, 1]), { G: 1, GPrime: 0.5, GNet: 1 });
  });

  test("a gradient that is not finite makes all NaN, rather than hiding", () => {
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const { G, GPrime, GNet } = of([1, odd], [1, 1]);
      assert.ok([G, GPrime, GNet].every(Number.isNaN), `${odd}: ${G} ${GPrime} ${GNet}`);
    }
  });

  test("a constant factor changes none; powers of two exactly", () => {
    const steps = [[0.3, -0.7, 0.11], [0.2, 0.9, -0.5], [-0.1, 0.4, 0.6]]; // prettier-ignore
    const plain = of(...steps);
    assert.deepEqual(of(...steps.map((step) => step.map((value) => 8 * value))), plain);
    assert.deepEqual(of(...steps.map((step) => step.map((value) => value / 1024))), plain);
  });

  test("nothing to measure and steps that do not match are refused", () => {
    assert.throws(() => directionality([]), { name: "TypeError", message: /at least one step/ });
    assert.throws(() => of([1, 2], [1]), {
      name: "TypeError",
      message: /\[2\] at every step but found \[1\] at step 2/,
    });
  });

  test("the observer starts anew after a reset, and leaves no tensors", async () => {
    const before = tf.memory().numTensors;
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false })] });
    const held = tf.memory().numTensors;
    const observer = measurementOf(model);
    const see = (value: number) =>
      tf.tidy(() => {
        const raw = [tf.tensor2d([[value]])];
        observer.observe({ raw, clipped: raw, weights: raw, updated: raw });
      });
    see(1);
    see(-1);
    assert.deepEqual([...(await observer.read())], [0, 0, 0]);
    observer.reset();
    see(2);
    assert.deepEqual([...(await observer.read())], [1, 1, 1]);
    observer.dispose();
    assert.equal(tf.memory().numTensors, held);
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
});
