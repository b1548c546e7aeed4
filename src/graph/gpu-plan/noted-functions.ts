import type { PlannedFunction } from "./plan-function";

let listener: ((planned: PlannedFunction) => void) | null = null;

/** Whether functions are compiled to be looked at, so that loops need not run. */
export const isPlanning = (): boolean => listener !== null;

/** Tells whoever plans of a function that runs once a step. */
export function noteFunction(planned: PlannedFunction): void {
  listener?.(planned);
}

/** Has functions noted while some work goes on. */
export async function noteFunctions<Result>(
  onFunction: (planned: PlannedFunction) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  listener = onFunction;
  try {
    return await work();
  } finally {
    listener = null;
  }
}
