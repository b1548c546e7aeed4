import { duration } from "../progress/duration";
import { bestBy, type EpochRow } from "../rows";
import type { DashboardState } from "./dashboard-state";

/** One of several runs that are watched together. */
export interface ComparedRun {
  readonly name: string;
  readonly status: string;
  readonly epoch: string;
  readonly loss: string;
  /** The best accuracy of data that it was not trained on, and whose it is; of the training where there is none. */
  readonly best: string;
  readonly left: string;
}

type Metric = "validationAccuracy" | "testAccuracy" | "trainAccuracy";

const words: Record<Metric, string> = {
  validationAccuracy: "validation",
  testAccuracy: "test",
  trainAccuracy: "training",
};

/** What runs are compared by: the accuracy on data apart from the training that any of them has. */
function metricOf(states: readonly DashboardState[]): Metric {
  const rows = states.flatMap(({ epochs }) => epochs.entries);
  return (
    (["validationAccuracy", "testAccuracy"] as const).find((metric) => rows.some((row) => row[metric] !== null)) ??
    "trainAccuracy"
  );
}

/**
 * Runs that go on together, the best on top: by their best accuracy, then by their last loss; those of which nothing is
 * known yet, or whose loss is no number, come last.
 */
export function comparedRuns(states: readonly DashboardState[]): ComparedRun[] {
  const metric = metricOf(states);
  const ranked = states.map((state) => {
    const rows = state.epochs.entries as readonly EpochRow[];
    const accuracy = bestBy(rows, metric)?.[metric] ?? null;
    const loss = rows.at(-1)?.trainLoss ?? state.progress?.loss ?? NaN;
    return { state, accuracy, loss };
  });
  const order = (value: number | null, direction: 1 | -1) =>
    value === null || !Number.isFinite(value) ? Infinity : direction * value;
  const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
  ranked.sort(
    (a, b) => compare(order(a.accuracy, -1), order(b.accuracy, -1)) || compare(order(a.loss, 1), order(b.loss, 1)),
  );
  return ranked.map(({ state, accuracy, loss }) => {
    const { facts, status, progress, epochs, etaSeconds } = state;
    const total = progress?.epochs ?? Number(facts.options["epochs"]);
    const now = progress?.epoch ?? epochs.entries.at(-1)?.epoch ?? 0;
    const left =
      status === "running" && etaSeconds !== null && Number.isFinite(etaSeconds) ? duration(etaSeconds) : "–";
    return {
      name: facts.name,
      status,
      epoch: total > 0 ? `${now} / ${total}` : String(now),
      loss: Number.isFinite(loss) ? loss.toPrecision(4) : now === 0 ? "–" : String(loss),
      best: accuracy === null ? "–" : `${(100 * accuracy).toFixed(2)}% ${words[metric]}`,
      left,
    };
  });
}
