import type { EventEmitter } from "node:events";

type Fit = (this: { stopTraining: boolean }, ...values: unknown[]) => Promise<unknown>;

/** A kind of model of tfjs-layers, as far as it is used. */
export interface FitPrototype {
  fit: Fit;
  fitDataset: Fit;
}

/**
 * Lets an interrupt end tfjs's own `model.fit` and `fitDataset` at the next batch, as `model.stopTraining` does: the cell
 * gets its history, and nothing trains on behind it.
 */
export function stopFit(prototype: FitPrototype, interrupts: EventEmitter): void {
  for (const name of ["fit", "fitDataset"] as const) {
    const fit = prototype[name];
    prototype[name] = async function (...values) {
      const stop = () => void (this.stopTraining = true);
      interrupts.on("interrupt", stop);
      try {
        return await fit.apply(this, values);
      } finally {
        interrupts.off("interrupt", stop);
      }
    };
  }
}
