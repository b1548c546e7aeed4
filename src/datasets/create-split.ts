import { listOf } from "./columns/arranged";
import { refuseIfRead } from "./columns/column-use";
import type { DeviceColumn } from "./columns/device-column";
import type { Arranged, Column, Split } from "./types";

/** A split over columns on the device. */
export type DeviceSplit = Split & Arranged<DeviceColumn>;

/** A split over columns that it owns. */
export function createSplit<Each extends Column>(
  inputs: readonly Each[],
  targets: Each,
  more: Partial<Pick<Arranged<Each>, "moreTargets" | "weights">> = {},
): Split & Arranged<Each> {
  return splitOf({ inputs, targets, moreTargets: more.moreTargets ?? [], weights: more.weights ?? null });
}

/** The same of columns that are arranged already. */
export function splitOf<Each extends Column>(columns: Arranged<Each>): Split & Arranged<Each> {
  const all = listOf(columns);
  return {
    ...columns,
    size: columns.targets.size,
    dispose() {
      refuseIfRead(all);
      for (const column of all) column.dispose();
    },
  };
}
