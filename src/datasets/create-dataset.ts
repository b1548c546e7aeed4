import type { Dataset } from "./types";

/** A data set over splits that it owns. */
export function createDataset(fields: Omit<Dataset, "dispose">): Dataset {
  return {
    ...fields,
    dispose() {
      for (const split of [fields.train, fields.validation, fields.test]) split?.dispose();
    },
  };
}
