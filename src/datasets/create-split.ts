import type { Column, Split } from "./types";

/** A split over columns that it owns. */
export function createSplit(inputs: readonly Column[], targets: Column): Split {
  return {
    size: targets.size,
    inputs,
    targets,
    dispose() {
      for (const column of [...inputs, targets]) column.dispose();
    },
  };
}
