import { refuseIfRead } from "./columns/column-use";
import type { DeviceColumn } from "./columns/device-column";
import type { Column, Split } from "./types";

/** A split over columns on the device. */
export interface DeviceSplit extends Split {
  readonly inputs: readonly DeviceColumn[];
  readonly targets: DeviceColumn;
}

/** A split over columns that it owns. */
export function createSplit(inputs: readonly Column[], targets: Column): Split {
  return {
    size: targets.size,
    inputs,
    targets,
    dispose() {
      refuseIfRead([...inputs, targets]);
      for (const column of [...inputs, targets]) column.dispose();
    },
  };
}

/** The same, which knows its columns' kind. */
export function deviceSplit(inputs: readonly DeviceColumn[], targets: DeviceColumn): DeviceSplit {
  return { ...createSplit(inputs, targets), inputs, targets };
}
