import { listOf } from "./columns/arranged";
import { refuseIfRead } from "./columns/column-use";
import type { Dataset } from "./types";

/** A data set over splits that it owns. */
export function createDataset(fields: Omit<Dataset, "dispose">): Dataset {
  return {
    ...fields,
    dispose() {
      const splits = [fields.train, fields.validation, fields.test].filter((split) => split !== null);
      refuseIfRead(splits.flatMap(listOf));
      for (const split of splits) split.dispose();
    },
  };
}
