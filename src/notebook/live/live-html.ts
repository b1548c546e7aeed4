import { randomUUID } from "node:crypto";
import { scriptJson } from "../html-text";
import { dashboardStyle } from "./dashboard-style";
import { connect } from "./page/connect";
import { headHtml } from "./page/head-html";
import { type CompleteUpdate, type DeltaUpdate, livePage } from "./page/live-page";
import { patch } from "./page/patch";
import { recolour } from "./page/recolour";

/** The page's code, once in a page however many dashboards it has. */
const install = `window.__gradampLive = window.__gradampLive || (${livePage.toString()})(window, {
patch: ${patch.toString()},
recolour: ${recolour.toString()},
headHtml: ${headHtml.toString()},
connect: ${connect.toString()}
});`;

/**
 * The HTML of a whole dashboard: numbers (and a picture) for viewers that run no scripts, and what draws it.
 *
 * @param picture an SVG, shown until Plotly draws and where scripts are not trusted; null for none
 */
export function completeHtml(update: CompleteUpdate, picture: string | null): string {
  const container = `${update.id}-${randomUUID().slice(0, 8)}`;
  const { head, amplification } = update.view;
  const inside = picture
    ? `<img alt="Dashboard" style="max-width:100%" src="data:image/svg+xml;base64,${Buffer.from(picture).toString("base64")}">`
    : `<div class="gradamp-live">${headHtml(head, amplification)}</div>`;
  return `<style>${dashboardStyle()}</style>
<div id="${container}" style="min-height:${heightOf(update)}px">${inside}</div>
<script>(function () {
${install}
window.__gradampLive.show(/*gradamp*/${scriptJson(update)}/*gradamp*/, "${container}");
})();</script>`;
}

/** The HTML that changes the dashboard shown by `completeHtml`. */
export function deltaHtml(update: DeltaUpdate): string {
  return `<script>if (window.__gradampLive) window.__gradampLive.take(/*gradamp*/${scriptJson(update)}/*gradamp*/);</script>`;
}

/** Room for all of it, so that what is below does not jump when its output is replaced. */
function heightOf({ view: { panels } }: CompleteUpdate): number {
  return 130 + (panels.curves ? 300 : 0) + (panels.flow ? 400 : 0);
}
