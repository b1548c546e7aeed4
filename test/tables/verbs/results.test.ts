import assert from "node:assert/strict";
import { test } from "node:test";

import { results } from "../../../src/tables";
import { runRecord } from "../sample-runs";

const vgg08 = runRecord({ name: "a", options: { seed: 7 } }, [
  {
    learningRate: 1e-3,
    trainLoss: 2,
    trainAccuracy: 0.4,
    validationLoss: 2.2,
    validationAccuracy: 0.44,
    testAccuracy: 0.41,
  },
  {
    learningRate: 5e-4,
    trainLoss: 1.5,
    trainAccuracy: 0.5,
    validationLoss: 2.0,
    validationAccuracy: 0.47,
    testAccuracy: 0.46,
  },
  {
    learningRate: 2e-5,
    trainLoss: 1.4,
    trainAccuracy: 0.55,
    validationLoss: 2.1,
    validationAccuracy: 0.46,
    testAccuracy: 0.48,
  },
]);
const noValidation = runRecord({ name: "b", model: "VGG-19", dataset: "cifar-10" }, [
  { testAccuracy: 0.9 },
  { testAccuracy: 0.92 },
  { testAccuracy: 0.92 },
]);
const empty = runRecord({ name: "c" }, []);

test("a row holds the last epoch's numbers and the best epoch by validation accuracy, or test accuracy without validation", () => {
  assert.deepEqual(results([vgg08, noValidation, empty]).objects(), [
    {
      run: "a",
      model: "VGG08",
      dataset: "cifar-100",
      learningRate: 1e-3,
      parameters: 59716,
      trainLoss: 1.4,
      trainAccuracy: 0.55,
      validationLoss: 2.1,
      validationAccuracy: 0.46,
      testAccuracy: 0.48,
      bestEpoch: 2,
      bestValidationAccuracy: 0.47,
      bestTestAccuracy: 0.46,
    },
    {
      run: "b",
      model: "VGG-19",
      dataset: "cifar-10",
      learningRate: 1e-3,
      parameters: 59716,
      trainLoss: 4.6,
      trainAccuracy: 0.01,
      validationLoss: null,
      validationAccuracy: null,
      testAccuracy: 0.92,
      bestEpoch: 2,
      bestValidationAccuracy: null,
      bestTestAccuracy: 0.92,
    },
    {
      run: "c",
      model: "VGG08",
      dataset: "cifar-100",
      learningRate: null,
      parameters: 59716,
      trainLoss: null,
      trainAccuracy: null,
      validationLoss: null,
      validationAccuracy: null,
      testAccuracy: null,
      bestEpoch: null,
      bestValidationAccuracy: null,
      bestTestAccuracy: null,
    },
  ]);
});

test('at: "best" takes every number from the best epoch', () => {
  const [row] = results([vgg08], { at: "best" }).objects() as [Record<string, unknown>];
  assert.equal(row["epoch"], 2);
  assert.equal(row["trainLoss"], 1.5);
  assert.equal(row["testAccuracy"], 0.46);
  assert.equal("bestEpoch" in row, false);
});

test('at: "last" has the columns of the paper\'s table and nothing more', () => {
  assert.deepEqual(results([vgg08], { at: "last" }).columnNames(), [
    "run",
    "model",
    "dataset",
    "learningRate",
    "parameters",
    "trainLoss",
    "trainAccuracy",
    "validationLoss",
    "validationAccuracy",
    "testAccuracy",
  ]);
});

test("losses select the lowest, and a loss that became NaN never", () => {
  const diverged = runRecord({}, [{ trainLoss: 3 }, { trainLoss: 2 }, { trainLoss: NaN }]);
  assert.equal(results([diverged], { selectBy: "trainLoss" }).get("bestEpoch", 0), 2);
});

test("columns computed from the run come after the data set", () => {
  const table = results([vgg08, noValidation], {
    columns: { seed: (run) => run.options["seed"] as number | undefined },
  });
  assert.deepEqual(table.columnNames().slice(0, 4), ["run", "model", "dataset", "seed"]);
  assert.deepEqual(table.array("seed"), [7, null]);
});

test("selecting by what a run has not measured is an error that names what it has", () => {
  assert.throws(() => results([noValidation], { selectBy: "validationLoss" }), {
    name: "RangeError",
    message:
      "Expected run b to have measured validationLoss but found testAccuracy, trainAccuracy, trainLoss: choose another selectBy".replace(
        "run run",
        "run b",
      ),
  });
});

test("no runs give a table of no rows with the same columns", () => {
  assert.equal(results([]).numRows(), 0);
  assert.deepEqual(results([]).columnNames(), results([vgg08]).columnNames());
});
