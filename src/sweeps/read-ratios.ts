import { readRows } from "../runs/segments/read-rows";
import type { LayerRatios } from "./sweep-task";

/** What a run's analysed epoch showed of its gradients, layers in forward order; null where it analysed none. */
export function readRatios(folder: string, epoch: number): LayerRatios[] | null {
  const rows = readRows(folder, "directionality").filter((row) => row.epoch === epoch);
  if (rows.length === 0) return null;
  return rows
    .sort((a, b) => a.index - b.index)
    .map(({ layer, G, GPrime, GNet }) => ({ layer, G, GPrime, ...(GNet === undefined ? {} : { GNet }) }));
}
