import { tf } from "../../tensorflow";
import { splitOf, type DeviceSplit } from "../create-split";

/** How many classes the targets have, all checked; makes labels int32 where they came as whole float32 numbers. */
export async function checkTargets(
  splits: { train?: DeviceSplit; validation?: DeviceSplit; test?: DeviceSplit },
  asked: number | null | undefined,
): Promise<number | null> {
  const entries = Object.entries(splits) as ["train" | "validation" | "test", DeviceSplit][];
  if (asked === null) return null;
  const values = await Promise.all(entries.map(([, { targets }]) => targets.tensor.data()));
  const labels = entries.every(([, { targets }]) => targets.sampleShape.length === 0);
  const whole = labels && values.every((column) => column.every((value) => Number.isInteger(value) && value >= 0));
  if (asked === undefined && !whole) return null;
  const classes = asked ?? values.reduce((most, column) => Math.max(most, largest(column)), 0) + 1;
  if (!Number.isInteger(classes) || classes < 1)
    throw new RangeError(`Expected classes to be an integer of at least 1 but found ${classes}`);
  // One-hot rows say the classes by their length.
  if (entries.every(([, { targets }], at) => isOneHot(values[at]!, targets.sampleShape, classes))) return classes;
  for (const [i, column] of values.entries())
    for (const value of column)
      if (!Number.isInteger(value) || value < 0 || value >= classes)
        throw new RangeError(
          `Expected ${entries[i]![0]}.targets to be whole numbers from 0 to ${classes - 1} but found ${value}`,
        );
  for (const [name, split] of entries)
    if (split.targets.storage === "float32") {
      const held = tf.cast(split.targets.tensor, "int32");
      split.targets.dispose();
      splits[name] = splitOf({ ...split, targets: split.targets.like(held, { storage: "int32" }) });
    }
  return classes;
}

/** Whether each sample is a row of zeros with a single one. */
function isOneHot(values: ArrayLike<number>, sampleShape: readonly number[], classes: number): boolean {
  if (sampleShape.length !== 1 || sampleShape[0] !== classes) return false;
  for (let row = 0; row < values.length; row += classes) {
    let ones = 0;
    for (let at = row; at < row + classes; at++) {
      if (values[at] !== 0 && values[at] !== 1) return false;
      ones += values[at]!;
    }
    if (ones !== 1) return false;
  }
  return true;
}

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]!);
  return most;
}
