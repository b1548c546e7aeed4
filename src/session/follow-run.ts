import type { Progress } from "../rows";
import type { Run } from "../training";
import { duration } from "../progress/duration";
import { progressHere } from "./progress-here";
import { isWatched } from "../live/watched-runs";

function progressLine(name: string, progress: Progress, accuracy: number | null): string {
  const { epoch, epochs, step, steps, imagesPerSecond, etaSeconds, loss } = progress;
  const scores = [
    `loss ${loss.toFixed(3)}`,
    accuracy === null ? null : `accuracy ${(100 * accuracy).toFixed(1)} %`,
  ].filter((score) => score !== null);
  return [
    `${name}: epoch ${epoch}/${epochs}, step ${steps === null ? step : `${step}/${steps}`}`,
    ...scores,
    `${imagesPerSecond.toFixed(0)} images/s`,
    ...(etaSeconds === null ? [] : [`${duration(etaSeconds)} left`]),
  ].join(" · ");
}

/**
 * Shows how a run gets on, in the running cell of a notebook or on standard error: epoch, step, loss, images per second
 * and the time that is left. Runs of under two seconds stay silent but for warnings.
 *
 * @returns what ends the following
 */
export function followRun(run: Run): () => void {
  const writer = progressHere();
  let wrote = false;
  const endings = [
    run.on("progress", (progress) => {
      // A dashboard tells more.
      if (isWatched(run) || progress.seconds < 2 || !writer.isDue()) return;
      wrote = true;
      const row = run.epochs.at(-1);
      writer.draw([progressLine(run.name, progress, row?.validationAccuracy ?? row?.testAccuracy ?? null)]);
    }),
    run.on("warning", (text) => writer.say(`${run.name}: ${text}`)),
    run.on("end", ({ status }) => {
      if (!wrote || isWatched(run)) return;
      const row = run.epochs.at(-1);
      const loss = row ? ` · loss ${row.trainLoss.toFixed(3)}` : "";
      writer.end(`${run.name}: ${status} after ${run.epochs.length} epochs${loss}`);
    }),
  ];
  return () => {
    for (const end of endings) end();
  };
}
