import type { DashboardEvent } from "./dashboard-event";
import type { DashboardState } from "./dashboard-state";
import { foldEvent } from "./fold-event";

/** Where a dashboard is shown. */
export interface LiveOutlet {
  /** Least time between two updates, in milliseconds. */
  readonly interval: number;
  /** Shows how things stand: what has changed, or all of it, for the last time, or what was shown last once more. */
  update(state: DashboardState, how: "changed" | "whole" | "last" | "again"): void;
}

/** Of the time that goes by, updates take no more than this share of the event loop… */
const MOST_SHARE = 0.005;
/** …but for so many milliseconds at the beginning, when nobody's code is warm and everybody looks. */
const CREDIT = 250;

/**
 * Carries a dashboard's state on and shows it now and then: no more often than its outlet wants, and so seldom that it
 * costs training next to nothing, however large it has become.
 */
export class LiveDashboard {
  #state: DashboardState;
  /** Folded when it is shown. */
  readonly #waiting: DashboardEvent[] = [];
  #due = -Infinity;
  #credit = CREDIT;
  #shown: number | null = null;
  #ended = false;
  #changed = true;
  readonly #timer: NodeJS.Timeout;

  constructor(
    state: DashboardState,
    readonly outlet: LiveOutlet,
    readonly now: () => number = () => performance.now(),
  ) {
    this.#state = state;
    this.#timer = setInterval(() => this.#showIfDue(), outlet.interval).unref();
  }

  get state(): DashboardState {
    this.#fold();
    return this.#state;
  }

  get ended(): boolean {
    return this.#ended;
  }

  take(event: DashboardEvent): void {
    if (this.#ended) return;
    this.#changed = true;
    // Steps follow each other fast; of those between two updates only the last is seen.
    if (event.kind === "progress" && this.#waiting.at(-1)?.kind === "progress") this.#waiting.pop();
    this.#waiting.push(event);
    if (event.kind === "end") this.#end();
    else this.#showIfDue();
  }

  /** Begins anew, where what was taken turned out to be no longer so. */
  restart(state: DashboardState): void {
    this.#waiting.length = 0;
    this.#state = state;
    this.#changed = true;
  }

  /** Shows all of it, for who has just come; also after the end. */
  showWhole(): void {
    this.#fold();
    this.outlet.update(this.#state, this.#ended ? "again" : "whole");
  }

  #showIfDue(): void {
    const began = this.now();
    if (began < this.#due || this.#ended || !this.#changed) return;
    this.#changed = false;
    this.#fold();
    this.outlet.update(this.#state, "changed");
    const ended = this.now();
    const earned = this.#shown === null ? 0 : MOST_SHARE * (began - this.#shown);
    this.#credit = Math.min(CREDIT, this.#credit + earned) - (ended - began);
    this.#shown = ended;
    this.#due = ended + Math.max(this.outlet.interval, -this.#credit / MOST_SHARE);
  }

  #end(): void {
    this.#ended = true;
    clearInterval(this.#timer);
    this.#fold();
    this.outlet.update(this.#state, "last");
  }

  #fold(): void {
    for (const event of this.#waiting.splice(0)) this.#state = foldEvent(this.#state, event);
  }
}
