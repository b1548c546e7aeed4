import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { drawInPage } from "../../figures/frame/draw-in-page";
import { fit } from "../../figures/frame/fit";
import { pageIsDark } from "../../figures/frame/page-is-dark";
import { recolour } from "../../figures/frame/recolour";

/** The path of the minified Plotly that the project depends on. */
export function plotlyFile(): string {
  return require.resolve("plotly.js-dist-min/plotly.min.js");
}

/** What fits figures to the page. */
const frame = `(function () {
var frame = { fit: ${fit.toString()}, recolour: ${recolour.toString()}, pageIsDark: ${pageIsDark.toString()} };
frame.draw = (${drawInPage.toString()}).bind(null, window, frame);
return frame;
})()`;

let packed: string | null = null;

/**
 * HTML that brings Plotly into a page: the library itself, gzipped and in base64 (2.0 MB instead of 4.8), so that no
 * network is needed. Figures made by `figureHtml` anywhere in the page wait for it.
 *
 * `define`, `module`, `exports` and `require` are hidden while it is evaluated, because the classic notebook has a
 * require.js that would swallow it.
 */
export function plotlyHtml(): string {
  packed ??= gzipSync(readFileSync(plotlyFile()), { level: 9 }).toString("base64");
  return `<script>(function () {
window.__gradampFrame = ${frame};
if (window.__gradampPlotly) return;
window.__gradampPlotly = (async function () {
  var bytes = Uint8Array.from(atob("${packed}"), function (c) { return c.charCodeAt(0); });
  var text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  new Function("define", "module", "exports", "require", text).call(window);
  return window.Plotly;
})();
})();</script>`;
}
