import { tf } from "../../tensorflow";
import { deviceSplit, type DeviceSplit } from "../create-split";

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
  if (!labels)
    throw new TypeError(
      "Expected targets of shape [size] for a classification: pass labels rather than one-hot rows, tf.argMax(rows, -1), or " +
        "classes: null and a loss of your own",
    );
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
      splits[name] = deviceSplit(split.inputs, split.targets.like(held, { storage: "int32" }));
    }
  return classes;
}

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]!);
  return most;
}
