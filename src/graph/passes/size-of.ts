import type { Value } from "../graph";

/** How many numbers a value holds. */
export function sizeOf({ shape }: Value): number {
  return shape!.reduce((product, size) => product * size, 1);
}
