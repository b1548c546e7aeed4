import { readRows } from "../../runs/read-rows";
import { readRunInfo } from "../../runs/read-run-info";
import type { RunInfo } from "../../runs/run-info";
import { type RunState, runStatus } from "../../runs/run-status";
import type { EpochRow, SelectionRow } from "../../training";

/** All of a run but its gradient rows. */
export interface ShownRun extends RunInfo {
  /** The run's folder. */
  readonly run: string;
  /** As run.json says, or "stale". */
  readonly state: RunState;
  readonly epochs: EpochRow[];
  /** The layers that were selected, and from which epoch on. */
  readonly selections: { readonly epoch: number; readonly layers: readonly string[] }[];
}

export async function showRun(folder: string): Promise<ShownRun> {
  return {
    ...readRunInfo(folder),
    run: folder,
    state: await runStatus(folder),
    epochs: readRows(folder, "epochs"),
    selections: bySelection(readRows(folder, "selections")),
  };
}

function bySelection(rows: readonly SelectionRow[]): ShownRun["selections"] {
  return [...new Set(rows.map(({ epoch }) => epoch))].map((epoch) => ({
    epoch,
    layers: rows.filter((row) => row.epoch === epoch && row.selected).map(({ layer }) => layer),
  }));
}

/** For people: what it is, then a line an epoch. */
export async function describeRun(shown: ShownRun): Promise<string> {
  const { run, state, name, model, parameters, dataset, options, selections, sessions = [], from, error, best } = shown;
  const { toText } = await import("../../tables/render/to-text.js");
  const { table } = await import("arquero");
  const facts: [string, unknown][] = [
    ["run", run],
    ["status", error ? `${state}: ${error}` : state],
    ["name", name],
    ["model", `${model}, ${parameters.toLocaleString("en")} parameters`],
    ["data", dataset],
    ...(from ? [["fork of", `${from.run}, epoch ${from.epoch}`] as [string, unknown]] : []),
    ...(best ? [["best epoch", best.epoch] as [string, unknown]] : []),
    ...Object.entries(options),
    ...selections.map(({ epoch, layers }): [string, unknown] => [
      `amplified from ${epoch}`,
      layers.join(", ") || "none",
    ]),
    ...sessions.map(({ host, pid, job, started, ended, epoch }, at): [string, unknown] => [
      `session ${at + 1}`,
      `${host}, process ${pid}${job ? `, ${job}` : ""}, from epoch ${epoch + 1}, ${started} to ${ended ?? "?"}`,
    ]),
  ];
  const width = Math.max(...facts.map(([fact]) => fact.length));
  const lines = facts.map(
    ([fact, value]) => `${fact.padEnd(width)}  ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const rows = shown.epochs;
  if (rows.length === 0) return lines.join("\n");
  const columns = Object.keys(rows[0]!) as (keyof EpochRow)[];
  const epochs = table(Object.fromEntries(columns.map((column) => [column, rows.map((row) => row[column])])));
  return `${lines.join("\n")}\n\n${toText(epochs, { limit: rows.length } as never)}`;
}
