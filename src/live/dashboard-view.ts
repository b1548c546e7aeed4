import type { PlotlySpec } from "../figures";
import { amplificationView, type AmplificationView } from "./panels/amplification-view";
import { curvesPanel } from "./panels/curves-panel";
import type { DashboardState } from "./dashboard-state";
import { flowPanel } from "./panels/flow-panel";
import { plotlyConfig } from "../figures/frame/plotly-config";
import { headView, type HeadView } from "./panels/head-view";
import { heatmapPanel } from "./panels/heatmap-panel";

/** What a dashboard shows, as plain JSON: a page needs nothing else to draw it. */
export interface DashboardView {
  readonly head: HeadView;
  /** Null where nothing is ever amplified. */
  readonly amplification: AmplificationView | null;
  /** In the light theme's colours; a page repaints them. */
  readonly panels: Readonly<Partial<Record<PanelName, PlotlySpec>>>;
}

export type PanelName = "curves" | "flow" | "heatmap";

/**
 * Makes views of a dashboard's successive states. What has not changed is the same object as in the view before, so that
 * neither drawing it anew nor comparing it costs anything.
 */
export function viewer(): (state: DashboardState) => DashboardView {
  const curves = memo((state: DashboardState) => curvesPanel(state), ({ epochs, progress, facts }) => [epochs, progress, facts]); // prettier-ignore
  const flow = memo(
    (state: DashboardState) => flowPanel(state),
    ({ flow, layers }) => [flow, layers],
  );
  const heatmap = memo(
    (state: DashboardState) => heatmapPanel(state),
    ({ flow, layers }) => [flow, layers],
  );
  return (state) => {
    const drawn = { curves: curves(state), flow: flow(state), heatmap: heatmap(state) };
    const panels = Object.fromEntries(
      Object.entries(drawn).flatMap(([name, spec]) =>
        spec === null ? [] : [[name, { ...spec, config: plotlyConfig(spec) }]],
      ),
    );
    return { head: headView(state), amplification: amplificationView(state), panels };
  };
}

/** The view of one state. */
export function dashboardView(state: DashboardState): DashboardView {
  return viewer()(state);
}

function memo<Value>(
  make: (state: DashboardState) => Value,
  partsOf: (state: DashboardState) => readonly unknown[],
): (state: DashboardState) => Value {
  let known: { parts: readonly unknown[]; value: Value } | null = null;
  return (state) => {
    const parts = partsOf(state);
    if (!known?.parts.every((part, at) => part === parts[at])) known = { parts, value: make(state) };
    return known.value;
  };
}
