import type { EpochRow, NonFinite } from "../../rows";
import { readRows } from "../../runs/segments/read-rows";
import { readRunInfo } from "../../runs/read-run-info";
import type { BestScores } from "../../runs/run-info";

/** What `gradamp train` prints. */
export interface TrainResult {
  /** The run's folder. */
  readonly run: string;
  readonly status: string;
  /** Complete epochs, and how many there shall be. */
  readonly epoch: number;
  readonly epochs: number;
  readonly last: EpochRow | null;
  readonly best: BestScores | null;
  readonly nonFinite: NonFinite | null;
}

/** The result of a run, as its folder tells it. */
export function trainResult(folder: string): TrainResult {
  const { status, best = null, nonFinite = null, progress, options } = readRunInfo(folder);
  return {
    run: folder,
    status,
    epoch: progress?.epoch ?? 0,
    epochs: Number(options["epochs"]),
    last: readRows(folder, "epochs").at(-1) ?? null,
    best,
    nonFinite,
  };
}

/** In words, a line each. */
export function describeResult({ run, status, epoch, epochs, last, best, nonFinite }: TrainResult): string {
  const percent = (share: number | null | undefined) =>
    share === null || share === undefined ? null : `${(100 * share).toFixed(2)} %`;
  const scores = (split: "train" | "validation" | "test", row: Readonly<Record<string, unknown>>) => {
    const [loss, accuracy] = [row[`${split}Loss`], row[`${split}Accuracy`]] as (number | null | undefined)[];
    if (loss === null || loss === undefined) return null;
    const metrics = Object.entries(row).flatMap(([column, value]) =>
      column.startsWith(split) && typeof value === "number" && !/^(train|validation|test)(Loss|Accuracy)$/.test(column)
        ? `${column.slice(split.length)} ${value.toFixed(4)}`
        : [],
    );
    return `${split} ${[percent(accuracy), `loss ${loss.toFixed(4)}`, ...metrics].filter(Boolean).join(", ")}`;
  };
  const lines = [`${run}: ${status} after ${epoch} of ${epochs} epochs`];
  if (last) {
    lines.push(
      [`last epoch: ${scores("train", last)}`, scores("validation", last), scores("test", last)]
        .filter((part) => part !== null)
        .join("; "),
    );
  }
  if (best) {
    lines.push(
      [`best by validation: epoch ${best.epoch}`, scores("validation", best), scores("test", best)]
        .filter((part) => part !== null)
        .join("; "),
    );
  }
  if (nonFinite) {
    const { step, layer, weight } = nonFinite;
    lines.push(
      step === null
        ? `not finite in epoch ${nonFinite.epoch}`
        : `not finite since step ${step} (epoch ${nonFinite.epoch}) in layer ${layer} (${weight})`,
    );
  }
  if (status === "interrupted") lines.push(`go on with: gradamp train --resume ${run}`);
  return lines.join("\n");
}
