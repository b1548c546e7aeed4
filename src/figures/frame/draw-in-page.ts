import type { PlotlyConfig, PlotlyLayout, PlotlySpec, PlotlyTrace } from "../parts/plotly-spec";
import type { fit } from "./fit";
import type { pageIsDark } from "./page-is-dark";
import type { recolour } from "./recolour";

/** What a page draws a figure with. */
export interface PageFrame {
  readonly fit: typeof fit;
  readonly recolour: typeof recolour;
  readonly pageIsDark: typeof pageIsDark;
}

/** What the page needs of Plotly. */
interface Plotting {
  react(
    element: Element,
    data: readonly PlotlyTrace[],
    layout: PlotlyLayout,
    config: PlotlyConfig | undefined,
  ): Promise<unknown>;
}

/**
 * Draws a figure in a page as wide as its element, in the page's theme, and anew where either changes.
 *
 * Sent to pages as it stands: it names nothing outside itself.
 *
 * @param dark The light theme's colours with the dark ones in their place; null for a figure with a theme of its own.
 */
export function drawInPage(
  page: Window,
  frame: PageFrame,
  Plotly: Plotting,
  element: HTMLElement,
  spec: PlotlySpec,
  dark: Readonly<Record<string, string>> | null,
): void {
  let drawn = "";
  const draw = () => {
    const width = Math.round(spec.layout.width ?? element.clientWidth);
    // What is not shown now has no width; it is drawn when it gets one.
    if (width < 40) return;
    const paint = dark !== null && frame.pageIsDark(page);
    if (drawn === `${width} ${paint}`) return;
    if (drawn === "") element.innerHTML = "";
    drawn = `${width} ${paint}`;
    const fitted = frame.recolour(frame.fit(spec, width), paint ? dark : null);
    // What was zoomed into stays so.
    const layout = { ...fitted.layout, uirevision: "kept" };
    element.style.minHeight = `${layout.height ?? 480}px`;
    void Plotly.react(element, fitted.data, layout, { ...spec.config, responsive: layout.width === undefined });
  };
  draw();
  const global = page as unknown as typeof globalThis;
  let waiting = 0;
  const soon = () => {
    page.clearTimeout(waiting);
    waiting = page.setTimeout(draw, 80);
  };
  new global.ResizeObserver(soon).observe(element);
  if (dark === null) return;
  for (const each of [page.document.documentElement, page.document.body])
    new global.MutationObserver(soon).observe(each, { attributes: true });
  page.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", soon);
}
