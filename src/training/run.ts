import { checkParts, checkText, whole } from "../options";
import {
  emptyRows,
  type NonFinite,
  type RowLists,
  type RunEvents,
  type RunRecord,
  type RunStatus,
  type StageStart,
} from "../rows";

type Listener<Name extends keyof RunEvents> = (event: RunEvents[Name]) => void;

/** A list of rows for each kind, empty at first. */
const WithRows = class {
  constructor() {
    Object.assign(this, emptyRows());
  }
} as new () => Readonly<RowLists>;

/**
 * A training run: its rows, and typed events for whoever wants to follow it. The run knows nobody who listens.
 */
export class Run extends WithRows implements RunRecord {
  /** Every stage, in order. */
  readonly stages: StageStart[] = [];
  /** What was odd, each said once. */
  readonly warnings: string[] = [];
  /** Whether it goes on, and how it ended. */
  status: RunStatus = "running";
  /** Where numbers stopped being finite; null as long as they are. */
  nonFinite: NonFinite | null = null;
  /** Settles when training has ended, with the run itself; rejects if it failed. */
  finished: Promise<Run> = Promise.resolve(this);
  readonly #listeners: { [Name in keyof RunEvents]?: Set<Listener<Name>> } = {};
  #stopRequested = false;

  /**
   * @param name what it is called in figures and tables
   * @param model the network's name
   * @param parameters how many trainable parameters it has
   * @param dataset the data set's name
   * @param options all options of its training, as plain JSON
   */
  constructor(
    readonly name: string,
    readonly model: string,
    /** Trainable parameters. */
    readonly parameters: number,
    readonly dataset: string,
    readonly options: Record<string, unknown>,
  ) {
    super();
    checkText(name, "a run's name");
    checkText(model, "a model's name");
    whole(0).read(parameters, "parameters");
    checkText(dataset, "a data set's name");
    checkParts(options, "a run's options, an object,", {});
  }

  /** Listens to one kind of event; returns what ends the listening. */
  on<Name extends keyof RunEvents>(name: Name, listener: Listener<Name>): () => void {
    const listeners = ((this.#listeners as Record<string, Set<Listener<Name>>>)[name] ??= new Set());
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Tells everybody who listens; for those who train. */
  emit<Name extends keyof RunEvents>(name: Name, event: RunEvents[Name]): void {
    for (const listener of this.#listeners[name] ?? []) (listener as Listener<Name>)(event);
  }

  /** Asks training to end at the next step boundary; weights and rows stay as they are then. */
  stop(): void {
    this.#stopRequested = true;
  }

  /** Whether `stop` was called: training ends at the next step. */
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
