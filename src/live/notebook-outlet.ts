import { randomUUID } from "node:crypto";
import { canExport } from "../export/static-export";
import { displayBundle } from "../cell/display-bundle";
import { ensurePlotly } from "../display/ensure-plotly";
import { beforeIdle, kernelId } from "../cell/kernel-cell";
import type { MimeBundle } from "../cell/running-cell";
import { darkColours } from "../figures/frame/dark-colours";
import { dashboardPicture } from "./dashboard-picture";
import { dashboardText } from "./dashboard-text";
import { viewer } from "./dashboard-view";
import type { DashboardState } from "./dashboard-state";
import { completeHtml, deltaHtml } from "./live-html";
import type { LiveOutlet } from "./live-dashboard";
import type { CompleteUpdate } from "./page/live-page";
import { type PlannedUpdate, UpdatePlan } from "./update-plan";

export interface NotebookOutletOptions {
  readonly theme: "light" | "dark" | "auto";
  readonly interval: number;
  /** Whether the last dashboard gets a static picture. Default: where something is at hand that draws it. */
  readonly picture?: boolean;
}

/**
 * An output of the running cell that is replaced in place by every twentieth update and the last, and a second one, which
 * nobody sees, that carries what has changed in between.
 */
export function notebookOutlet(options: NotebookOutletOptions): LiveOutlet {
  const id = `gradamp-live-${randomUUID()}`;
  const deltas = `${id}-delta`;
  const view = viewer();
  const plan = new UpdatePlan();
  const whole = (planned: PlannedUpdate & { kind: "complete" }, goesOn: boolean): CompleteUpdate => ({
    ...{ id, update: planned.update, view: planned.view, goesOn, kernel: goesOn ? kernelId() : null },
    ...{ sent: Date.now(), theme: options.theme, dark: darkColours() },
  });
  ensurePlotly();
  let shown = false;
  let last: MimeBundle | null = null;
  const show = (data: MimeBundle) => {
    displayBundle(data, { displayId: id, update: shown });
    if (!shown) displayBundle({ "text/html": "", "text/plain": "" }, { displayId: deltas });
    shown = true;
    last = data;
  };
  return {
    interval: options.interval,
    update(state, how) {
      if (how === "again") return void (last && show(last));
      const planned = plan.next(view(state), how !== "changed");
      if (planned.kind === "delta") {
        const html = deltaHtml({ id, update: planned.update, change: planned.change });
        displayBundle({ "text/html": html, "text/plain": "" }, { displayId: deltas, update: true });
        return;
      }
      const update = whole(planned, how !== "last");
      const text = dashboardText(state);
      show({ "text/html": completeHtml(update, { text }), "text/plain": text });
      if (how === "last") displayBundle({ "text/html": "", "text/plain": "" }, { displayId: deltas, update: true });
      if (how === "last" && (options.picture ?? canExport())) beforeIdle(addPicture(state, update, show));
    },
  };
}

/** Puts a static picture beside the last dashboard; a missing one must not fail the cell. */
async function addPicture(
  state: DashboardState,
  update: CompleteUpdate,
  show: (data: MimeBundle) => void,
): Promise<void> {
  const picture = await dashboardPicture(update.view, options(update)).catch(() => null);
  if (picture === null) return;
  show({
    "text/html": completeHtml(update, { picture }),
    "image/svg+xml": picture,
    "text/plain": dashboardText(state),
  });
}

const options = ({ theme }: CompleteUpdate) => ({ theme: theme === "dark" ? ("dark" as const) : ("light" as const) });
