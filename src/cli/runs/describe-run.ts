import { inspect } from "node:util";
import { ratioSymbol } from "../../rows";
import { printStages, type StagePlan } from "../../amplification";
import type { ShownRun, ShownSelection } from "./show-run";

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
    ...Object.entries(options).flatMap(([name, value]) =>
      name === "stages" ? stageFacts(value) : [[name, value] as [string, unknown]],
    ),
    ...selections.map((selection): [string, unknown] => [
      `amplified from ${selection.epoch}`,
      describeSelection(selection),
    ]),
    ...sessions.map(({ host, pid, job, started, ended, epoch }, at): [string, unknown] => [
      `session ${at + 1}`,
      `${host}, process ${pid}${job ? `, ${job}` : ""}, from epoch ${epoch + 1}, ${started} to ${ended ?? "?"}`,
    ]),
  ];
  const width = Math.max(...facts.map(([fact]) => fact.length));
  const lines = facts.map(
    ([fact, value]) =>
      `${fact.padEnd(width)}  ${typeof value === "string" ? value : inspect(value, { breakLength: Infinity })}`,
  );
  const rows = shown.epochs;
  if (rows.length === 0) return lines.join("\n");
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const epochs = table(Object.fromEntries(columns.map((column) => [column, rows.map((row) => row[column] ?? null)])));
  return `${lines.join("\n")}\n\n${toText(epochs, { limit: rows.length } as never)}`;
}

/** A plan in the papers' notation, and what else it says; stages as another program wrote them as they are. */
function stageFacts(value: unknown): [string, unknown][] {
  const { stages, ...rest } = (value ?? {}) as Partial<StagePlan>;
  if (!Array.isArray(stages)) return [["stages", value]];
  return [
    ["stages", printStages({ stages, intelligent: rest.intelligent ?? null })],
    ...Object.entries(rest).filter(([, given]) => given !== null),
  ];
}

function describeSelection(selection: ShownSelection): string {
  const { by, ampFactor, ampRatio, analysed, threshold, sides, of, layers, normalized } = selection;
  const measure = ratioSymbol(by);
  const why =
    by === "random"
      ? `drawn with β = ${ampRatio}`
      : `${sides === "both" ? `|${measure}|` : measure} above ${threshold} in epoch ${analysed}, normalised`;
  const names = layers.map((layer, at) => [layer, normalized[at]?.toFixed(2) ?? []].flat().join(" "));
  return `Γ = ${ampFactor}, ${layers.length} of ${of} layers, ${why}${names.length > 0 ? `: ${names.join(", ")}` : ""}`;
}
