import assert from "node:assert/strict";
import { test } from "node:test";

import { quantityOf } from "../../src/tables";
import { headingOf } from "../../src/tables/quantity";

const cases: [column: string, label: string, value: number, printed: string, best: "min" | "max" | null][] = [
  ["testAccuracy", "Test acc (%)", 0.6299, "62.99", "max"],
  ["validationAccuracy", "Val acc (%)", 0.01, "1.00", "max"],
  ["bestTestAccuracy", "Test acc at best (%)", 1, "100.00", "max"],
  ["trainLoss", "Train loss", 4.60517, "4.605", "min"],
  ["accuracy", "Acc (%)", 0.5, "50.00", "max"],
  ["loss", "Loss", 0.5, "0.500", "min"],
  ["learningRate", "LR", 0.1, "0.1", null],
  ["learningRate", "LR", 1e-3, "1e-3", null],
  ["learningRate", "LR", 2.5e-4, "2.5e-4", null],
  ["parameters", "# Params", 20040522, "20,040,522", null],
  ["minutes", "Minutes", 31.347, "31.35", "min"],
  ["testAccuracyImprovement", "Test acc gain (%)", 0.0227, "+2.27", "max"],
  ["testAccuracyImprovement", "Test acc gain (%)", -0.00001, "0.00", "max"],
  ["testAccuracyImprovement", "Test acc gain (%)", -0.0014, "-0.14", "max"],
  ["minutesOverhead", "Minutes overhead (%)", 0.0189, "+1.89", "min"],
  ["testAccuracyDeviation", "Test acc ± (%)", 0.0045, "0.45", null],
  ["testAccuracyBaseline", "Test acc of baseline (%)", 0.91, "91.00", null],
  ["testAccuracy/Case-1", "Case-1", 0.933, "93.30", "max"],
  ["testAccuracyImprovement/Case-1", "Case-1", 0.0222, "+2.22", "max"],
];
for (const [column, label, value, printed, best] of cases) {
  test(`${column} prints ${value} as ${printed} under "${label}"`, () => {
    const quantity = quantityOf(column);
    assert.deepEqual([quantity?.label, quantity?.print(value), quantity?.best], [label, printed, best]);
  });
}

test("of other names nothing is known", () => {
  for (const name of ["meanAbs", "accuracyX", "lossy", "toString", "Improvement", "fooImprovement", ""]) {
    assert.equal(quantityOf(name), null, name);
  }
});

for (const [column, heading] of [
  ["group", "Group"],
  ["amplifiedLayers", "Amplified layers"],
  ["q05", "q05"],
  ["lr", "lr"],
  ["p", "p"],
  ["GPrime", "GPrime"],
  ["my column", "my column"],
  ["Ĝ, case 1", "Ĝ, case 1"],
] as const)
  test(`${column}, of which nothing is known, is headed ${heading}`, () => {
    assert.equal(headingOf(column), heading);
  });
