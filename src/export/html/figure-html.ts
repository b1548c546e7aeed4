import { randomUUID } from "node:crypto";
import type { PlotlySpec } from "../../figures";
import { darkColours } from "../../figures/frame/dark-colours";
import { plotlyConfig } from "../../figures/frame/plotly-config";
import { scriptJson } from "./html-text";

/**
 * HTML of one figure: a few kB that wait for the Plotly of `plotlyHtml`, wherever in the page that stands.
 *
 * @param picture A PNG that is shown until Plotly draws, and where scripts are not trusted; null shows a line of text.
 */
export function figureHtml(spec: PlotlySpec, picture: Buffer | null = null): string {
  const id = `gradamp-${randomUUID()}`;
  const height = spec.layout.height ?? 480;
  const inside = picture
    ? `<img alt="Figure" style="max-width:100%" src="data:image/png;base64,${picture.toString("base64")}">`
    : "<small>The figure appears where this page is trusted and Plotly has loaded; run the cell again.</small>";
  const figure = { data: spec.data, layout: spec.layout, config: plotlyConfig(spec) };
  const dark = spec.layout.meta?.["theme"] === "auto" ? coloursOf(figure) : null;
  // A notebook renders the cell with Plotly when it scrolls into view, so a figure waits for as long as it is there.
  // One saved with an older Plotly cell, which brought no frame, is drawn as it stands.
  return `<div id="${id}" style="min-height:${height}px">${inside}</div>
<script>(function () {
var figure = ${scriptJson(figure)};
var dark = ${scriptJson(dark)};
var seen = false;
(function wait() {
  var element = document.getElementById("${id}");
  if (element && window.__gradampPlotly) {
    window.__gradampPlotly.then(function (Plotly) {
      if (window.__gradampFrame) return window.__gradampFrame.draw(Plotly, element, figure, dark);
      element.innerHTML = "";
      return Plotly.newPlot(element, figure.data, figure.layout, figure.config);
    });
  } else if (element || !seen) {
    seen = seen || Boolean(element);
    setTimeout(wait, 150);
  }
})();
})();</script>`;
}

/** Those of the theme's colours that a figure has, with the dark ones in their place. */
function coloursOf(figure: unknown): Record<string, string> {
  const text = JSON.stringify(figure);
  return Object.fromEntries(Object.entries(darkColours(figure)).filter(([colour]) => text.includes(colour)));
}
