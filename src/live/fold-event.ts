import { type GradientRow, layerSeries } from "../rows";
import type { DashboardEvent } from "./dashboard-event";
import type { DashboardState } from "./dashboard-state";
import { addDownsampled } from "./downsampled";

/** A curve of more points than this looks the same. */
const MOST_EPOCHS = 600;
/** The most fields of a heat map: at five characters each a complete dashboard stays below a fifth of a megabyte. */
const MOST_FIELDS = 36_000;
const MOST_WARNINGS = 3;

/** What becomes of a dashboard through an event; changes nothing of what it is given. */
export function foldEvent(state: DashboardState, event: DashboardEvent): DashboardState {
  switch (event.kind) {
    case "progress":
      return { ...state, status: "running", progress: event.progress, etaSeconds: event.progress.etaSeconds };
    case "stage":
      return { ...state, stage: event.stage };
    case "selection":
      return { ...state, selection: event.rows };
    case "epoch": {
      const { progress } = state;
      const done = progress && progress.epoch <= event.row.epoch ? null : progress;
      const epochs = addDownsampled(state.epochs, event.row, ({ epoch }) => epoch, MOST_EPOCHS);
      return { ...withFlow(state, event.gradients ?? []), epochs, progress: done };
    }
    case "warning":
      return { ...state, warnings: [...state.warnings, event.text].slice(-MOST_WARNINGS) };
    case "eta":
      return { ...state, etaSeconds: event.seconds };
    case "end":
      return { ...state, status: event.status, etaSeconds: null };
  }
}

/** The last measured step of the epoch joins the gradient flow. */
function withFlow(state: DashboardState, gradients: readonly GradientRow[]): DashboardState {
  const measured = gradients.filter(({ meanAbs }) => typeof meanAbs === "number");
  if (measured.length === 0) return state;
  const { labels, chains, series } = layerSeries(measured);
  const last = series.at(-1);
  if (!last) return state;
  // Another network's rows would not fit; a run has one.
  const layers = same(labels, state.layers) ? state.layers : labels;
  const before = layers === state.layers ? state.flow : { stride: 1, entries: [] };
  const column = { epoch: last.epoch, values: last.values };
  const most = Math.max(40, Math.min(300, Math.floor(MOST_FIELDS / layers.length)));
  const begins = labels.map((_, place) => labels[chains.find((chain) => chain.includes(place))![0]!]!);
  return {
    ...state,
    layers,
    chains: chains.length > 1 ? begins : [],
    flow: addDownsampled(before, column, ({ epoch }) => epoch, most),
  };
}

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((word, at) => word === b[at]);
