import type { AmplificationView } from "../panels/amplification-view";
import type { HeadView } from "../panels/head-view";

/**
 * The HTML of a dashboard's head: name, status, progress, numbers and what is amplified.
 *
 * Runs in node, for viewers that run no scripts, and in the page; there it names nothing outside itself.
 */
export function headHtml(head: HeadView, amplification: AmplificationView | null): string {
  const text = (value: string) =>
    value.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  const div = (name: string, inner: string, style = "") =>
    `<div class="gl-${name}"${style ? ` style="${style}"` : ""}>${inner}</div>`;
  const part = (share: number) => `${(100 * share).toFixed(2)}%`;
  const title = `<b>${text(head.name)}</b> <span class="gl-note">${text(head.what)}</span>`;
  const status = `<span class="gl-status gl-${text(head.status)}">${text(head.status)}</span>`;
  const bar = head.done === null ? "" : div("bar", div("done", "", `width:${part(head.done)}`));
  const tiles = head.tiles.map(({ label, value, note }) =>
    div("tile", `${div("label", text(label))}${div("value", text(value))}${div("note", text(note) || "&nbsp;")}`),
  );
  const warnings = head.warnings.map((warning) => div("warning", text(warning)));
  return [
    div("title", `<span>${title}</span>${status}`),
    bar,
    div("tiles", tiles.join("")),
    ...warnings,
    amplification ? card(amplification) : "",
  ].join("");

  function card({ title, lines, schedule, layers, measure }: AmplificationView): string {
    const last = schedule.at(-1)?.[1] ?? 0;
    const stages = schedule.map(([first, end, amplifies, what]) => {
      const span = first === end ? `epoch ${first}` : `epochs ${first} to ${end}`;
      const inner = amplifies ? text(what.replace(/^learning rate [^,]*, /, "")) : "";
      const name = amplifies ? "stage gl-amplified" : "stage";
      return `<div class="gl-${name}" style="width:${part((end - first + 1) / last)}" title="${text(`${span}: ${what}`)}">${inner}</div>`;
    });
    const here = head.done === null ? "" : div("here", "", `left:${part(head.done)}`);
    const cells = layers.map(([layer, selected, normalized]) => {
      const ratio = measure && normalized !== undefined ? `, ${measure} ${normalized ?? "not finite"}` : "";
      const hint = `${layer}: ${selected ? "amplified" : "not amplified"}${ratio}`;
      return `<i class="gl-layer${selected ? " gl-amplified" : ""}" title="${text(hint)}"></i>`;
    });
    const chosen = layers.filter(([, selected]) => selected).map(([layer]) => layer);
    const names = chosen.length > 0 ? `${chosen.slice(0, 8).join(", ")}${chosen.length > 8 ? ` and ${chosen.length - 8} more` : ""}` : ""; // prettier-ignore
    return div(
      "card",
      [
        div("label", "Amplification"),
        `<b>${text(title)}</b>`,
        ...lines.map((line) => div("line", text(line))),
        schedule.length > 1 ? div("schedule", stages.join("") + here) : "",
        cells.length > 0 ? div("layers", cells.join("")) + div("note", text(names)) : "",
      ].join(""),
    );
  }
}
