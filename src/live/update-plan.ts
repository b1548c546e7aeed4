import { type Difference, difference } from "./difference";
import type { DashboardView } from "./dashboard-view";

/** What is sent of a view: the whole, or what has changed since the one before. */
export type PlannedUpdate =
  | { readonly kind: "complete"; readonly update: number; readonly view: DashboardView }
  | { readonly kind: "delta"; readonly update: number; readonly change: Difference };

/** Every so many updates one is complete, for pages that have missed some. */
export const COMPLETE_EVERY = 20;
/** A delta of more characters than this is sent as a complete update: a heat map that was downsampled, for example. */
const LARGEST_DELTA = 24_000;

/** Decides what is sent of successive views. */
export class UpdatePlan {
  #update = 0;
  #complete = 0;
  #view: DashboardView | null = null;

  /** @param whole whether this one must be complete: the last one, or one for a page that has just come */
  next(view: DashboardView, whole = false): PlannedUpdate {
    const before = this.#view;
    this.#view = view;
    const update = ++this.#update;
    const change = before && difference(before, view);
    const due = whole || !before || update - this.#complete >= COMPLETE_EVERY;
    if (!due && JSON.stringify(change).length <= LARGEST_DELTA) return { kind: "delta", update, change };
    this.#complete = update;
    return { kind: "complete", update, view };
  }
}
