import type { NonFinite } from "./find-non-finite";
import type {
  DirectionalityRow,
  EpochRow,
  GradientRow,
  HistogramRow,
  OutputRow,
  RunRecord,
  SelectionRow,
} from "./rows";

/** Where a run stands; sent after a step, as often as every 20 ms. */
export interface Progress {
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done in this epoch. */
  readonly step: number;
  readonly steps: number;
  /** Since the run began. */
  readonly seconds: number;
  /** Over the steps of this epoch. */
  readonly imagesPerSecond: number;
  readonly etaSeconds: number;
  /** Mean over the samples that this epoch has seen. */
  readonly loss: number;
  /** Fraction of them that was classified rightly; null where targets are no classes. */
  readonly accuracy: number | null;
  /** Of the last complete epoch. */
  readonly trainLoss: number | null;
}

/** A new stage. */
export interface StageStart {
  readonly epoch: number;
  readonly learningRate: number;
  readonly ampRatio: number;
  readonly ampFactor: number;
  /** |G|: from how many layers are chosen. */
  readonly groupSize: number;
  /** The layers drawn at random for it; none where its gradients will decide, which a `selection` tells then. */
  readonly layers: readonly string[];
}

/** Layers that were selected for amplification. */
export interface Selection {
  /** The first epoch that is trained with them, counted from 1. */
  readonly epoch: number;
  readonly layers: readonly string[];
  /** One a layer considered: what it was judged by, and whether it was selected. */
  readonly rows: readonly SelectionRow[];
}

/** An epoch's rows. */
export interface EpochEvent {
  readonly row: EpochRow;
  readonly gradients: readonly GradientRow[];
  readonly histograms: readonly HistogramRow[];
  readonly outputs: readonly OutputRow[];
  readonly directionality: readonly DirectionalityRow[];
}

/** What a run tells while it goes on; rows are plain objects. */
export interface RunEvents {
  progress: Progress;
  stage: StageStart;
  selection: Selection;
  epoch: EpochEvent;
  warning: string;
  end: { status: RunStatus };
}

/** `"diverged"`: the training loss was not finite any more, which ended the run. */
export type RunStatus = "running" | "finished" | "interrupted" | "failed" | "diverged";

type Listener<Name extends keyof RunEvents> = (event: RunEvents[Name]) => void;

/**
 * A training run: its rows, and typed events for whoever wants to follow it.  The run knows nobody who listens.
 */
export class Run implements RunRecord {
  readonly epochs: EpochRow[] = [];
  readonly gradients: GradientRow[] = [];
  readonly histograms: HistogramRow[] = [];
  readonly outputs: OutputRow[] = [];
  readonly directionality: DirectionalityRow[] = [];
  /** Every layer considered at every selection, in order. */
  readonly selections: SelectionRow[] = [];
  /** Every stage, in order. */
  readonly stages: StageStart[] = [];
  readonly warnings: string[] = [];
  status: RunStatus = "running";
  /** Where numbers stopped being finite; null as long as they are. */
  nonFinite: NonFinite | null = null;
  /** Settles when training has ended, with the run itself; rejects if it failed. */
  finished: Promise<Run> = Promise.resolve(this);
  readonly #listeners: { [Name in keyof RunEvents]?: Set<Listener<Name>> } = {};
  #stopRequested = false;

  constructor(
    readonly name: string,
    readonly model: string,
    /** Trainable parameters. */
    readonly parameters: number,
    readonly dataset: string,
    readonly options: Record<string, unknown>,
  ) {}

  /** Listens to one kind of event; returns what ends the listening. */
  on<Name extends keyof RunEvents>(name: Name, listener: Listener<Name>): () => void {
    const listeners = ((this.#listeners as Record<string, Set<Listener<Name>>>)[name] ??= new Set());
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  emit<Name extends keyof RunEvents>(name: Name, event: RunEvents[Name]): void {
    for (const listener of this.#listeners[name] ?? []) (listener as Listener<Name>)(event);
  }

  /** Asks training to end at the next step boundary; weights and rows stay as they are then. */
  stop(): void {
    this.#stopRequested = true;
  }

  get stopRequested(): boolean {
    return this.#stopRequested;
  }

  /** Tells of something that is not as it should be; once, however often it occurs. */
  warn(text: string): void {
    if (this.warnings.includes(text)) return;
    this.warnings.push(text);
    this.emit("warning", text);
  }
}
