import { type DirectionalityRow, selectByDirectionality, type SelectionRow } from "../../rows";
import {
  type Amplification,
  amplifyLayers,
  analysisEpoch,
  type DirectionalityRule,
  group,
  leftOutWarning,
  selectLayers,
  withWeights,
} from "../../amplification";
import { deriveSeed } from "../../layers";
import { type NamedLayer, namedLayers } from "../../models/named-layers";
import type { LayersModel } from "../../tensorflow";
import { consideredLayers } from "./considered-layers";
import type { ResolvedOptions } from "../resolve-options";
import type { Run } from "../run";
import type { StagePeriod } from "./stage-periods";

/** What an epoch of a stage is trained with. */
export interface EpochAmplification {
  /** Null where nothing is amplified. */
  readonly amplification: Amplification | null;
  /** Whether this epoch's directionality decides which layers come next. */
  readonly analyses: boolean;
}

/**
 * The amplification of one stage: selects layers, at random or by their gradients, writes down which and why, puts the
 * amplification on the model and takes it off again.
 */
export class StageAmplification {
  readonly #considered: readonly NamedLayer[];
  readonly #done: number;
  #chosen: readonly NamedLayer[] = [];
  #attached: Amplification | null = null;

  /**
   * @param resumed where the run goes on: complete epochs, and the directionality that was analysed last; what was said
   *   of the stage before is not said again
   */
  constructor(
    readonly run: Run,
    readonly model: LayersModel,
    readonly period: StagePeriod,
    readonly options: ResolvedOptions,
    /** The rate with which an epoch begins. */
    learningRate: (epoch: number) => number,
    resumed: { readonly epoch: number; readonly analysed: readonly DirectionalityRow[] } = { epoch: 0, analysed: [] },
  ) {
    this.#done = resumed.epoch;
    const { group: which, ampRatio, ampFactor, first, intelligent, index } = period;
    const all = which && ampRatio > 0 && !intelligent ? group(model, which) : [];
    const warning = leftOutWarning(all, period.scope);
    if (warning) run.warn(warning);
    const members = new Set(withWeights(all, period.scope));
    this.#considered = intelligent
      ? consideredLayers(model, which)
      : namedLayers(model, { models: true }).filter(({ layer }) => members.has(layer));
    const drawn = intelligent
      ? []
      : selectLayers(this.#considered, ampRatio, deriveSeed(options.seed, `selection/${index}`));
    const stage = {
      epoch: first,
      learningRate: learningRate(first),
      ampRatio,
      ampFactor,
      groupSize: this.#considered.length,
      layers: drawn.map(({ name }) => name),
    };
    if (first > this.#done) {
      run.stages.push(stage);
      run.emit("stage", stage);
    } else if (intelligent && (resumed.analysed[0]?.epoch ?? 0) >= first) this.select(resumed.analysed);
    if (intelligent || ampRatio === 0) return;
    const chosen = new Set(drawn);
    const why = { by: "random", ampRatio, analysed: null, ratio: null, normalized: null, threshold: null, sides: null } as const; // prettier-ignore
    this.#choose(
      first,
      this.#considered.map((named) => ({ ...why, layer: named.name, selected: chosen.has(named) })),
    );
  }

  /** Puts on the model what the epoch is trained with. */
  begin(epoch: number): EpochAmplification {
    const { intelligent } = this.period;
    const { amplifies, analyses } = intelligent
      ? analysisEpoch(intelligent, this.period, epoch)
      : { amplifies: true, analyses: false };
    if (!amplifies) this.end();
    else if (this.#chosen.length > 0) this.#attached ??= this.#attach();
    return { amplification: this.#attached, analyses };
  }

  /** Selects layers by the directionality of an epoch that analysed, for the epochs after it. */
  select(rows: readonly DirectionalityRow[]): void {
    const { intelligent } = this.period;
    const [first] = rows;
    if (!intelligent || !first) return;
    this.#warnOfNonFinite(rows, first.epoch);
    const before = this.#chosen;
    this.#choose(first.epoch + 1, selectionRows(intelligent, this.#considered, rows));
    // The same layers once more: what is on the model stays, and with it the steps traced for it.
    const same = before.length === this.#chosen.length && before.every((named, at) => named === this.#chosen[at]);
    if (!same) this.end();
  }

  /** Takes the amplification off the model. */
  end(): void {
    this.#attached?.remove();
    this.#attached = null;
  }

  #choose(epoch: number, rows: Omit<SelectionRow, "epoch" | "stage" | "index" | "ampFactor">[]): void {
    const { index: stage, ampFactor } = this.period;
    const selected = new Set(rows.filter((row) => row.selected).map((row) => row.layer));
    this.#chosen = this.#considered.filter(({ name }) => selected.has(name));
    const known = this.run.selections.some((row) => row.epoch === epoch && row.stage === stage);
    if (known || epoch <= this.#done) return;
    const full = rows.map((row, index): SelectionRow => ({ epoch, stage, index, ampFactor, ...row }));
    this.run.selections.push(...full);
    this.run.emit("selection", { epoch, layers: this.#chosen.map(({ name }) => name), rows: full });
  }

  #attach(): Amplification {
    const { optimizer } = this.options;
    if (optimizer.scaleInvariant) {
      this.run.warn(
        `${optimizer.name} divides a parameter's gradient by its own running size, so that a constant ` +
          `amplification nearly cancels: amplify with ga.sgd to see its effect`,
      );
    }
    const { ampFactor, scope } = this.period;
    const chosen = this.#chosen.map(({ layer }) => layer);
    return amplifyLayers(this.model, chosen, { ampFactor, scope, groupSize: this.#considered.length });
  }

  #warnOfNonFinite(rows: readonly DirectionalityRow[], epoch: number): void {
    const odd = rows.filter(({ G }) => !Number.isFinite(G)).map(({ layer }) => layer);
    if (odd.length > 0) {
      this.run.warn(
        `The gradients of ${odd.slice(0, 3).join(", ")}${odd.length > 3 ? ` and ${odd.length - 3} more` : ""} in epoch ` +
          `${epoch} were not finite: such layers take no part in the selection`,
      );
    }
  }
}

/** Every layer considered with its ratio and whether it is selected. */
function selectionRows(
  rule: DirectionalityRule,
  considered: readonly NamedLayer[],
  rows: readonly DirectionalityRow[],
): Omit<SelectionRow, "epoch" | "stage" | "index" | "ampFactor">[] {
  const { directionality, threshold, sides } = rule;
  const known = new Map(rows.map((row) => [row.layer, row]));
  // Runs that were kept before names had the path of nested models know a layer by its own name.
  const ratioOf = ({ layer, name }: NamedLayer) => (known.get(name) ?? known.get(layer.name)!)[directionality] ?? NaN;
  const ratios = considered.map((named) => ({ layer: named.name, ratio: ratioOf(named) }));
  const analysed = rows[0]!.epoch;
  return selectByDirectionality(ratios, rule).map((row) => ({
    ...row,
    by: directionality,
    ampRatio: null,
    analysed,
    threshold,
    sides,
  }));
}
