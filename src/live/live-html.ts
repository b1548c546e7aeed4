import { randomUUID } from "node:crypto";
import { escapeHtml, scriptJson } from "../export/html/html-text";
import { dashboardStyle } from "./dashboard-style";
import { connect } from "./page/connect";
import { headHtml } from "./page/head-html";
import { type CompleteUpdate, type DeltaUpdate, livePage } from "./page/live-page";
import { patch } from "./page/patch";
import { fit } from "../figures/frame/fit";
import { pageIsDark } from "../figures/frame/page-is-dark";
import { recolour } from "../figures/frame/recolour";

/** The page's code, once in a page however many dashboards it has. */
const install = `window.__gradampLive = window.__gradampLive || (${livePage.toString()})(window, {
patch: ${patch.toString()},
recolour: ${recolour.toString()},
fit: ${fit.toString()},
pageIsDark: ${pageIsDark.toString()},
headHtml: ${headHtml.toString()},
connect: ${connect.toString()}
});`;

/**
 * The HTML of a whole dashboard: what draws it, and what viewers show that run no scripts, which leave out styles as well.
 *
 * @param instead a picture, as SVG, or a text
 */
export function completeHtml(update: CompleteUpdate, instead: { picture: string } | { text: string }): string {
  const container = `${update.id}-${randomUUID().slice(0, 8)}`;
  const inside =
    "picture" in instead
      ? `<img alt="Dashboard" style="max-width:100%" src="data:image/svg+xml;base64,${Buffer.from(instead.picture).toString("base64")}">`
      : `<pre style="white-space:pre-wrap">${escapeHtml(instead.text)}</pre>`;
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
