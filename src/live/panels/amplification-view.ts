import { ratioSymbol, type SelectionRow } from "../../rows";
import type { DashboardState } from "../dashboard-state";

/** What is amplified, and why. */
export interface AmplificationView {
  readonly title: string;
  readonly lines: readonly string[];
  /** The whole schedule: first and last epoch, whether gradients are amplified in it, and its rate and amplification in words. */
  readonly schedule: readonly (readonly [first: number, last: number, amplifies: 0 | 1, text: string])[];
  /** Every layer considered: its name, whether it is selected, and its normalised ratio where gradients decide. */
  readonly layers: readonly (readonly [layer: string, selected: 0 | 1, normalized?: number | null])[];
  /** "normalised G", where gradients decide. */
  readonly measure: string | null;
}

interface PlannedStage {
  readonly end: number;
  readonly learningRate: number;
  readonly ampRatio: number;
  readonly ampFactor: number;
}

interface Plan {
  readonly stages: readonly PlannedStage[];
  readonly group: unknown;
  readonly intelligent: { directionality: string; sides: string; threshold: number } | null;
}

const tidy = (value: number) => String(Number(value.toPrecision(4)));

/** What is amplified and why; null for a run that amplifies nothing, ever. */
export function amplificationView(state: DashboardState): AmplificationView | null {
  const { facts, stage, selection } = state;
  const plan = facts.options["stages"] as Plan | null | undefined;
  const amplify = facts.options["amplify"] as { group?: unknown; ampRatio?: number } | null | undefined;
  if (!plan && !amplify && selection.length === 0) return null;
  const epoch = state.progress?.epoch ?? state.epochs.entries.at(-1)?.epoch ?? 1;
  const stages = plan?.stages ?? [];
  const at = Math.max(0, stages.findIndex(({ end }) => end >= epoch)); // prettier-ignore
  const first = (stages[at - 1]?.end ?? 0) + 1;
  const current = stages[at];
  const span = current && `epochs ${first} to ${current.end}, learning rate ${tidy(current.learningRate)}`;
  const ampRatio = current?.ampRatio ?? stage?.ampRatio ?? amplify?.ampRatio ?? 0;
  const active = ampRatio > 0 && selection.length > 0 && (!current || selection[0]!.stage === at);
  return {
    title: current ? `Stage ${at + 1} of ${stages.length}: ${span}` : "The whole run",
    lines: active
      ? reasons(selection, plan?.group ?? amplify?.group)
      : [ampRatio > 0 && plan?.intelligent ? waiting(plan.intelligent) : "Nothing is amplified"],
    schedule: stages.map((each, index) => {
      const amplifies = each.ampRatio > 0;
      const what = plan?.intelligent ? `by ${plan.intelligent.directionality}` : `β = ${tidy(each.ampRatio)}`;
      const text = `learning rate ${tidy(each.learningRate)}, ${amplifies ? `${what}, Γ = ${tidy(each.ampFactor)}` : "no amplification"}`;
      return [(stages[index - 1]?.end ?? 0) + 1, each.end, amplifies ? 1 : 0, text] as const;
    }),
    layers: active ? selection.map(layerOf) : [],
    measure: active && selection[0]!.by !== "random" ? `normalised ${ratioSymbol(selection[0]!.by)}` : null,
  };
}

function layerOf({ layer, selected, normalized }: SelectionRow): AmplificationView["layers"][number] {
  return normalized === null
    ? [layer, selected ? 1 : 0]
    : [layer, selected ? 1 : 0, Number.isFinite(normalized) ? Number(normalized.toFixed(2)) : null];
}

function reasons(selection: readonly SelectionRow[], group: unknown): string[] {
  const [first] = selection as [SelectionRow];
  const chosen = selection.filter(({ selected }) => selected).length;
  const among = typeof group === "string" && !group.includes("=>") ? ` of group ${group}` : "";
  const many = `${chosen} of ${selection.length} layers${among}: gradients × Γ = ${tidy(first.ampFactor)} since epoch ${first.epoch}`;
  if (first.by === "random") return [many, `Drawn at random, ratio β = ${tidy(first.ampRatio ?? 0)}`];
  const value =
    first.sides === "both" ? `|normalised ${ratioSymbol(first.by)}|` : `normalised ${ratioSymbol(first.by)}`;
  return [many, `By the gradients of epoch ${first.analysed}: ${value} above ${tidy(first.threshold ?? 0)}`];
}

function waiting({ directionality, sides, threshold }: NonNullable<Plan["intelligent"]>): string {
  const value =
    sides === "both" ? `|normalised ${ratioSymbol(directionality)}|` : `normalised ${ratioSymbol(directionality)}`;
  return `Gradients are being analysed; layers with ${value} above ${tidy(threshold)} will be amplified`;
}
