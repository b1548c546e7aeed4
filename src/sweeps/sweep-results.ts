import { checkPath } from "../options";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";

import type { ColumnTable } from "arquero";

import type { TrialSpec } from "../experiments";
import { readRows } from "../runs/segments/read-rows";
import { checkRows } from "../runs/check-rows";
import { readRunInfo } from "../runs/read-run-info";
import type { RunInfo } from "../runs/run-info";
import { statusOfTasks, type TaskStatus } from "./snapshot";
import { columnValues } from "../tables/verbs/column-values";
import { results, type ResultsOptions } from "../tables/verbs/results";
import { withColumn } from "../tables/verbs/with-column";
import type { EpochRow, RunRecord } from "../rows";
import { Sweep } from "./sweep";
import type { SweepPlan, SweepTask } from "./sweep-task";

/** A trial with the rows of its run. */
interface TrialRecord extends RunRecord {
  readonly trial: TrialSpec;
  readonly status: string;
  readonly folder: string | null;
  /** What the weights of the best epoch by validation reached on the test split. */
  readonly bestTest: number | null;
}

/** What `ga.sweepResults` does: its docstring stands in src/display/table-functions.ts. */
export function sweepResults(sweep: Sweep | string): ColumnTable {
  if (!(sweep instanceof Sweep)) checkPath(sweep, "a sweep or its folder");
  const opened = typeof sweep === "string" ? new Sweep(sweep, { write: false }) : sweep;
  const plan = opened.plan();
  const tasks = new Map(plan.tasks.map((task) => [task.id, task]));
  const read = new Map<string, Omit<TrialRecord, "trial">>();
  // What waits for something that failed is not waiting.
  const statuses = statusOfTasks(plan, new Map(plan.tasks.map((task) => [task.id, opened.state(task)])), new Map());
  const records = opened.trials.map((trial): TrialRecord => {
    const task = tasks.get(plan.taskOf.get(trial.id) ?? "");
    if (!task) throw new Error(`Expected a task for ${trial.id} but found none`);
    const run = read.get(task.id) ?? readTask(opened, plan, task, statuses);
    read.set(task.id, run);
    return { ...run, trial, name: trial.id, model: trial.labels.model, dataset: trial.data.name };
  });
  const table = results(records, columnsOf());
  // Where the test split was not evaluated at every epoch, the best one's weights were kept for it.
  const best = columnValues(table, "bestTestAccuracy").map((value, at) => value ?? records[at]?.bestTest ?? null);
  const withTest = withColumn(table, "bestTestAccuracy", best, "bestValidationAccuracy");
  // Both are columns, the last epoch's and the best one's; each paper's own rule picks (EPOCH_RULE).
  const atBest = results(records, { at: "best" });
  return ["validationLoss", "trainAccuracy", "trainLoss"].reduce((wider, name) => {
    const column = `best${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    return withColumn(wider, column, columnValues(atBest, name), "bestEpoch");
  }, withTest);
}

function columnsOf(): ResultsOptions<TrialRecord> {
  const label = (name: keyof TrialSpec["labels"]) => (record: TrialRecord) => record.trial.labels[name];
  return {
    columns: {
      method: label("method"),
      group: label("group"),
      params: label("params"),
      strategy: label("strategy"),
      ampRatio: label("ampRatio"),
      ampFactor: label("ampFactor"),
      threshold: label("threshold"),
      directionality: label("directionality"),
      sides: label("sides"),
      reselect: label("reselect"),
      scope: ({ trial }) => (trial.labels.method === "original" ? null : (trial.stages?.scope ?? null)),
      weightDecay: ({ trial }) => trial.optimizer.weightDecay ?? null,
      momentum: ({ trial }) => (trial.optimizer.name === "sgd" ? trial.optimizer.momentum : null),
      augmented: ({ trial }) => trial.data["augmentation"] !== null,
      part: ({ trial }) => trial.part,
      seed: ({ trial }) => trial.seed,
      status: ({ status }) => status,
      folder: ({ folder }) => folder,
      epochs: ({ epochs }) => epochs.length,
      minutes: ({ epochs }) => (epochs.length > 0 ? epochs.reduce((sum, row) => sum + row.seconds, 0) / 60 : null),
    },
  };
}

/** The run of a task; where one that it starts from has diverged, that one's. */
function readTask(
  sweep: Sweep,
  plan: SweepPlan,
  task: SweepTask,
  statuses: ReadonlyMap<string, TaskStatus>,
): Omit<TrialRecord, "trial"> {
  const folder = sweep.path(task);
  const begun = existsSync(join(folder, "run.json"));
  if (!begun && task.from) {
    const origin = plan.tasks.find(({ id }) => id === task.from?.task);
    if (origin && statuses.get(origin.id) === "diverged") return readTask(sweep, plan, origin, statuses);
  }
  const { info, epochs, readable } = begun ? readKept(folder) : { info: null, epochs: [], readable: true };
  return {
    name: task.id,
    model: info?.model ?? task.trial.model.name,
    parameters: info?.parameters ?? 0,
    dataset: info?.dataset ?? task.trial.data.name,
    options: info?.options ?? {},
    epochs,
    gradients: [],
    status: readable ? (statuses.get(task.id) ?? "waiting") : "unreadable",
    folder: begun ? relative(sweep.folder, folder) : null,
    bestTest: info?.best?.testAccuracy ?? null,
  };
}

/** What a run's folder holds; nothing where it is damaged, so that one run does not hide all others. */
function readKept(folder: string): { info: RunInfo | null; epochs: EpochRow[]; readable: boolean } {
  try {
    const info = readRunInfo(folder);
    checkRows(folder, info);
    return { info, epochs: readRows(folder, "epochs"), readable: true };
  } catch {
    return { info: null, epochs: [], readable: false };
  }
}
