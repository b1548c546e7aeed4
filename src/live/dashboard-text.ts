import { amplificationView } from "./panels/amplification-view";
import type { DashboardState } from "./dashboard-state";
import { headView } from "./panels/head-view";

/** A dashboard in one line: for terminals. */
export function dashboardLine(state: DashboardState): string {
  const { name, tiles, status } = headView(state);
  const words = tiles.map(({ label, value, note }) => {
    const word = label === "Epoch" ? `epoch ${value.replaceAll(" ", "")}` : label === "Speed" ? value : label === "Time left" ? `${value} left` : `${label.toLowerCase()} ${value}`; // prettier-ignore
    return /validation|test|step/.test(note) ? `${word} (${note})` : word;
  });
  const amplified = state.epochs.entries.at(-1)?.amplifiedLayers ?? 0;
  return [
    `${name}: ${status === "running" ? "" : `${status}, `}${words[0]}`,
    ...words.slice(1),
    ...(amplified > 0 ? [`${amplified} layers amplified`] : []),
  ].join(" · ");
}

/** A dashboard as text: for viewers that show nothing else. */
export function dashboardText(state: DashboardState): string {
  const { what, warnings } = headView(state);
  const amplification = amplificationView(state);
  return [
    dashboardLine(state),
    what,
    ...(amplification ? [`Amplification, ${amplification.title.toLowerCase()}`, ...amplification.lines] : []),
    ...warnings,
  ].join("\n");
}
