import type { TrialSpec } from "../experiments";

/** One child process's work: the epochs `first` to `last` of a trial. */
export interface SweepTask {
  /** Equal ids, equal work, also in another plan of the same trials. */
  readonly id: string;
  /** Beneath the sweep's folder. */
  readonly folder: string;
  /** "trial" trains a trial to its end; "shared" epochs that several trials have in common. */
  readonly kind: "trial" | "shared";
  /** Whose settings are trained; a shared prefix's is any of the trials that it serves. */
  readonly trial: TrialSpec;
  /**
   * The task whose state this one starts from, and after which of its epochs; null where it starts from the beginning.
   */
  readonly from: { readonly task: string; readonly epoch: number } | null;
  /** The epochs that are trained, counted from 1, both inclusive. */
  readonly first: number;
  /** The last epoch that is trained. */
  readonly last: number;
  /** The ids of the trials that this task is the end of: one, or several that amplify the same layers throughout. */
  readonly serves: readonly string[];
  /**
   * Whether what others have in common with it depends on gradients that have not been analysed yet: then it must not
   * start, and the plan is made anew once `from` has ended.
   */
  readonly tentative: boolean;
}

/** What a sweep has to do, in an order in which no task comes before the one it starts from. */
export interface SweepPlan {
  /** In an order in which they can be done. */
  readonly tasks: readonly SweepTask[];
  /** Trial's id → the task that ends with its result. */
  readonly taskOf: ReadonlyMap<string, string>;
  /** How many are trained. */
  readonly epochs: {
    /** What the trials would take one by one. */
    readonly asked: number;
    /** What the tasks take together. */
    readonly planned: number;
  };
}

/** A layer's directionality ratios in an analysed epoch; NaN where a gradient was not finite. */
export interface LayerRatios {
  /** The layer's name. */
  readonly layer: string;
  /** 2023, eq. 4. */
  readonly G: number;
  /** 2023, eq. 5. */
  readonly GPrime: number;
  /** The other reading of eq. 4; absent where a run was kept before it was measured. */
  readonly GNet?: number;
}

/** What is known of trials before, and while, they are trained; nothing of it is needed for a plan that works. */
export interface SweepKnowledge {
  /**
   * The names of the layers that a trial's random selection draws from, in forward order. With them trials whose
   * ratios select the same layers are one. Default: every ratio is a selection of its own, as where it returns null.
   */
  readonly groupLayers?: (trial: TrialSpec) => readonly string[] | null;
  /**
   * What a shared prefix's last epoch showed where that is an analysed one; null where it has not ended yet. With it
   * trials whose rules select the same layers are one.
   */
  readonly ratios?: (prefix: string) => readonly LayerRatios[] | null;
  /** Whether a trial's own folder holds a run already: of trials that are one, it stays the one that is trained. */
  readonly begun?: (trial: string) => boolean;
}
