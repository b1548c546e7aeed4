import { aFunction, checkOptions, checkRows } from "../options";
import type { TrialSpec } from "../experiments";
import { checkTrialIds } from "./check-trial-ids";
import type { SweepKnowledge, SweepPlan, SweepTask } from "./sweep-task";
import { type PathPoint, sharedPrefixId, trialPath } from "./trial-path";

/** A point of one trial or more. */
interface Node {
  readonly point: PathPoint;
  /** The first trial of the table that passes through. */
  readonly trial: TrialSpec;
  /** The points that come next in the trials that pass through. */
  readonly next: Set<string>;
  /** The trials that end here. */
  readonly ends: TrialSpec[];
}

/**
 * Plans a table of trials so that epochs that several have in common are trained once: trials fork from shared
 * prefixes, and trials that amplify the same layers throughout are one.
 *
 * A pure function: the same trials and the same knowledge give the same tasks. Where gradients choose the layers, what
 * two thresholds have in common is only known once their gradients were analysed; the plan is `tentative` there, and is
 * made anew with `known.ratios` when a shared prefix has ended.
 *
 * The 484 S2 trials of the 2020 paper take 26,550 epochs instead of 72,600, and fewer with `known.groupLayers`.
 *
 * @param trials trials with different ids
 * @param known what runs have shown so far. Default: nothing
 * @throws {RangeError} if two trials have the same id, or one is no name for a folder
 *
 * @example
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 * const { epochs, tasks } = advanced.planSweep(ga.trials("ga", { part: "s2" }));
 * console.log(epochs, tasks.length); // { asked: 72600, planned: 26550 } 531
 */
export function planSweep(trials: readonly TrialSpec[], known: SweepKnowledge = {}): SweepPlan {
  checkRows(trials, "a list of trials, as of ga.trials,");
  checkOptions("planSweep", known, { groupLayers: aFunction, ratios: aFunction, begun: aFunction });
  checkTrialIds(trials);

  const paths = trials.map((trial) => trialPath(trial, known));
  const nodes = new Map<string, Node>();
  trials.forEach((trial, at) => {
    const path = paths[at] ?? [];
    path.forEach((point, index) => {
      const node = nodes.get(point.key) ?? { point, trial, next: new Set<string>(), ends: [] };
      nodes.set(point.key, node);
      const next = path[index + 1];
      if (next) node.next.add(next.key);
      else node.ends.push(trial);
    });
  });

  // A shared prefix that has been trained to find out what its trials have in common stays, even where they never part.
  const isSharedPrefix = ({ point, trial, next }: Node) =>
    next.size > 1 || (point.analysed && next.size > 0 && Boolean(known.ratios?.(sharedPrefixId(trial, point))));
  const names = new Map<string, string>();
  for (const [key, node] of nodes) {
    const trained = node.ends.find(({ id }) => known.begun?.(id)) ?? node.ends[0];
    if (trained) names.set(key, trained.id);
    else if (isSharedPrefix(node)) names.set(key, sharedPrefixId(node.trial, node.point));
  }

  const tasks = new Map<string, SweepTask>();
  trials.forEach((trial, at) => {
    let from: SweepTask["from"] = null;
    let tentative = false;
    for (const point of paths[at] ?? []) {
      const id = names.get(point.key);
      if (id === undefined) continue;
      const ends = nodes.get(point.key)?.ends ?? [];
      if (!tasks.has(id) || latest(from) > latest(tasks.get(id)?.from ?? null)) {
        const own = ends.find((one) => one.id === id) ?? tasks.get(id)?.trial ?? trial;
        tasks.set(id, {
          id,
          folder: `${ends.length > 0 ? "runs" : "stems"}/${id}`,
          kind: ends.length > 0 ? "trial" : "shared",
          trial: own,
          from,
          first: latest(from) + 1,
          last: point.epochs,
          serves: ends.map((one) => one.id),
          tentative,
        });
      }
      from = { task: id, epoch: point.epochs };
      tentative ||= point.analysed && !known.ratios?.(id);
    }
  });

  // Shorter prefixes first: a task's origin ends before the task does.
  const order = [...tasks.values()].sort((a, b) => a.last - b.last);
  const asked = trials.reduce((sum, { epochs }) => sum + epochs, 0);
  const planned = order.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const taskOf = new Map(order.flatMap(({ id, serves }) => serves.map((trial) => [trial, id] as const)));
  return { tasks: order, taskOf, epochs: { asked, planned } };
}

const latest = (from: SweepTask["from"]) => from?.epoch ?? 0;
