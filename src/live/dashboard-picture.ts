import type { PlotlySpec } from "../figures";
import { theme as themeOf } from "../figures/parts/theme";
import { escapeHtml } from "../export/html/html-text";
import { exportStatic } from "../export/static-export";
import { darkColours } from "../figures/frame/dark-colours";
import type { DashboardView, PanelName } from "./dashboard-view";
import { recolour } from "../figures/frame/recolour";

const WIDTH = 1100;
const GAP = 16;
const places: Record<PanelName, { x: number; width: number; height: number }> = {
  curves: { x: GAP, width: WIDTH - 2 * GAP, height: 300 },
  flow: { x: GAP, width: (WIDTH - 3 * GAP) / 2, height: 400 },
  heatmap: { x: (WIDTH + GAP) / 2, width: (WIDTH - 3 * GAP) / 2, height: 400 },
};

/**
 * A dashboard as one SVG: its numbers, its figures, and what is amplified.
 *
 * @throws {Error} if nothing is at hand that draws figures
 */
export async function dashboardPicture(view: DashboardView, { theme }: { theme: "light" | "dark" }): Promise<string> {
  const look = themeOf(theme);
  const colours = theme === "dark" ? darkColours() : null;
  const parts: string[] = [];
  const text = (x: number, y: number, size: number, content: string, more = "") =>
    parts.push(`<text x="${x}" y="${y}" font-size="${size}" fill="${look.ink}" ${more}>${escapeHtml(content)}</text>`);
  const { head, amplification, panels } = view;
  const faint = `opacity="0.65"`;
  text(GAP, 30, 16, head.name, `font-weight="bold"`);
  text(WIDTH - GAP, 30, 13, [head.what, head.status].join(" · "), `text-anchor="end" ${faint}`);
  const across = (WIDTH - 2 * GAP) / Math.max(1, head.tiles.length);
  head.tiles.forEach(({ label, value, note }, at) => {
    const x = GAP + at * across;
    text(x, 56, 11, label, faint);
    text(x, 77, 18, value, `font-weight="600"`);
    text(x, 94, 12, note, faint);
  });
  let top = 108;
  for (const line of amplification ? [`Amplification. ${amplification.title}`, ...amplification.lines] : []) {
    top += 18;
    text(GAP, top, 12, line);
  }
  top += 12;
  for (const row of [["curves"], ["flow", "heatmap"]] as PanelName[][]) {
    const drawn = row.filter((name) => panels[name]);
    for (const name of drawn) parts.push(await panel(recolour(panels[name]!, colours), { ...places[name], y: top }));
    if (drawn.length > 0) top += places[drawn[0]!].height + GAP;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${WIDTH}" height="${top}" viewBox="0 0 ${WIDTH} ${top}" font-family="'Helvetica Neue', Arial, 'Liberation Sans', sans-serif">`,
    `<rect width="100%" height="100%" fill="${look.ground}"/>`,
    ...parts,
    "</svg>",
  ].join("\n");
}

/** A figure as an SVG within the SVG. */
async function panel(
  spec: PlotlySpec,
  place: { x: number; y: number; width: number; height: number },
): Promise<string> {
  const { x, y, width, height } = place;
  const svg = await exportStatic(spec, "svg", { width, height, download: false });
  return svg.toString("utf8").replace(/^[^]*?<svg /, `<svg x="${x}" y="${y}" `);
}
