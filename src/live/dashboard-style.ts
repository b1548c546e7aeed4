import { theme } from "../figures";

/** The style sheet of dashboards: the figures' colours on whatever ground the notebook has. */
export function dashboardStyle(): string {
  const [light, dark] = [theme("light"), theme("dark")];
  const colours = ({ ink, faint, grid, baseline, amplified, amplifiedTraining }: typeof light) =>
    `--ink:${ink};--faint:${faint};--grid:${grid};--go:${baseline};--hot:${amplified};--good:${amplifiedTraining}`;
  return `
.gradamp-live{${colours(light)};color:var(--ink);font:13px/1.4 Inter,'Helvetica Neue',Arial,'Liberation Sans',sans-serif;max-width:1400px;padding:4px 0}
.gradamp-live[data-theme=dark]{${colours(dark)}}
.gl-title{display:flex;justify-content:space-between;align-items:baseline;gap:12px;font-size:16px}
.gl-note,.gl-title .gl-note{font-size:12px;opacity:.65}
.gl-status{font-size:12px;padding:1px 10px;border-radius:10px;border:1px solid var(--faint);white-space:nowrap}
.gl-running{border-color:var(--go);color:var(--go)}.gl-finished{border-color:var(--good);color:var(--good)}
.gl-failed,.gl-diverged,.gl-stale,.gl-interrupted{border-color:var(--hot);color:var(--hot)}
.gl-bar{height:4px;border-radius:2px;background:var(--grid);margin:8px 0 10px;overflow:hidden}
.gl-done{height:100%;border-radius:2px;background:var(--go);transition:width .4s linear}
.gl-tiles{display:flex;flex-wrap:wrap;gap:6px 36px;font-variant-numeric:tabular-nums}
.gl-tile{min-width:116px}.gl-label{font-size:11px;opacity:.65}.gl-value{font-size:19px;font-weight:600;line-height:1.25;white-space:nowrap}
.gl-warning{margin-top:6px;padding-left:8px;border-left:3px solid var(--hot)}
.gl-card{margin-top:10px;padding:8px 12px;border:1px solid var(--grid);border-radius:6px}
.gl-schedule{position:relative;display:flex;gap:1px;margin:8px 0 4px}
.gl-stage{box-sizing:border-box;height:20px;padding:0 4px;font-size:11px;line-height:20px;text-align:center;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;background:var(--grid);border-radius:2px}
.gl-stage.gl-amplified{background:color-mix(in srgb,var(--hot) 35%,transparent)}
.gl-here{position:absolute;top:-3px;bottom:-3px;width:2px;margin-left:-1px;background:var(--ink)}
.gl-layers{display:flex;flex-wrap:wrap;gap:2px;margin:8px 0 4px}.gl-layer{width:11px;height:11px;border-radius:2px;background:var(--grid)}
.gl-layer.gl-amplified{background:var(--hot)}
.gl-plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr));gap:8px 16px;margin-top:8px}
.gl-curves{grid-column:1/-1;min-height:300px}.gl-flow,.gl-heatmap{min-height:400px}.gl-plots>div{min-width:0}
.gl-plots>[hidden]{display:none}
`.trim();
}
