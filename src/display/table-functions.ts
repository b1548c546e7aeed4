import { ColumnTable } from "arquero";

import * as experiments from "../experiments";
import * as rowStore from "../runs";
import * as sweeps from "../sweeps";
import * as tables from "../tables";
import { Table } from "./table";

/** The same function, with a table that can show itself where it gives a table. */
type Showing<F> = F extends (...values: infer Values) => infer Result
  ? Result extends ColumnTable
    ? (...values: Values) => Table
    : F
  : F;

/** Every function of `src/tables`; those that give a table give one that can show itself. */
export type TableFunctions = { readonly [N in keyof typeof tables]: Showing<(typeof tables)[N]> };

function showing<F>(work: F): Showing<F> {
  if (typeof work !== "function") return work as Showing<F>;
  const call = work as unknown as (...values: unknown[]) => unknown;
  return ((...values: unknown[]) => {
    const result = call(...values);
    return result instanceof ColumnTable ? Table.of(result) : result;
  }) as Showing<F>;
}

/** `ga.table`: tables by name. */
export const table = Object.freeze(
  Object.fromEntries(Object.entries(tables).map(([name, work]) => [name, showing<unknown>(work)])),
) as unknown as TableFunctions;

/** `ga.published`: see src/experiments. */
export const published: Showing<typeof experiments.published> = showing(experiments.published);

/** `ga.publishedRemarks`: see src/experiments. */
export const publishedRemarks: Showing<typeof experiments.publishedRemarks> = showing(experiments.publishedRemarks);

/** `ga.protocol`: see src/experiments. */
export const protocol: Showing<typeof experiments.protocol> = showing(experiments.protocol);

/** `ga.runs`: see src/runs. */
export const runs: Showing<typeof rowStore.runs> = showing(rowStore.runs);

/** `ga.sweepResults`: see src/sweeps. */
export const sweepResults: Showing<typeof sweeps.sweepResults> = showing(sweeps.sweepResults);
