import { duration } from "../../progress/duration";
import type { DashboardState } from "../dashboard-state";

/** A number of the dashboard's head with its name, and a remark below it. */
export interface Tile {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

/** The head of a dashboard, in words. */
export interface HeadView {
  readonly name: string;
  readonly what: string;
  readonly status: string;
  /** Share of the whole run that is done, from 0 to 1; null where it is not known. */
  readonly done: number | null;
  readonly tiles: readonly Tile[];
  readonly warnings: readonly string[];
}

const percent = (value: number | null | undefined) =>
  typeof value === "number" ? `${(100 * value).toFixed(1)} %` : null;
const loss = (value: number | null | undefined) => (typeof value === "number" ? value.toPrecision(4) : null);
const words = (...all: readonly (string | null | false)[]) => all.filter((word) => word).join(", ");

/** What a dashboard says in words and numbers. */
export function headView(state: DashboardState): HeadView {
  const { facts, status, progress, warnings } = state;
  const row = state.epochs.entries.at(-1);
  const total = progress?.epochs ?? Number(facts.options["epochs"]);
  const epoch = progress?.epoch ?? row?.epoch ?? 0;
  const complete = progress ? progress.epoch - 1 + progress.step / (progress.steps ?? Infinity) : epoch;
  return {
    name: facts.name,
    what: words(
      facts.model !== facts.name && facts.model,
      facts.parameters > 0 && `${facts.parameters.toLocaleString("en-US")} parameters`,
      facts.dataset,
    ).replaceAll(", ", " · "),
    status,
    done: total > 0 ? Number(Math.min(1, complete / total).toFixed(4)) : null,
    tiles: [
      {
        label: "Epoch",
        value: total > 0 ? `${epoch} / ${total}` : String(epoch),
        note: progress
          ? `step ${progress.step}${progress.steps === null ? "" : ` of ${progress.steps}`}`
          : row
            ? `learning rate ${Number(row.learningRate.toPrecision(3))}`
            : "",
      },
      ...scores(state),
      ...pace(state),
    ],
    warnings,
  };
}

function scores({ epochs, progress }: DashboardState): Tile[] {
  const rows = epochs.entries;
  const row = rows.at(-1);
  const validated = rows.filter((each) => each.validationLoss !== null || each.testLoss !== null).at(-1);
  const split = validated?.validationLoss !== null ? "validation" : "test";
  const held = (each: typeof row, what: "Loss" | "Accuracy") => each?.[`${split}${what}`] ?? null;
  const best = rows.reduce<number | null>((most, each) => {
    const value = held(each, "Accuracy");
    return value !== null && (most === null || value > most) ? value : most;
  }, null);
  const tiles = [
    {
      label: progress ? "Loss so far" : "Loss",
      value: loss(progress ? progress.loss : row?.trainLoss) ?? "–",
      note: validated ? `${split} ${loss(held(validated, "Loss"))}` : "",
    },
  ];
  const accuracy = percent(progress ? progress.accuracy : row?.trainAccuracy);
  if (accuracy === null && best === null) return tiles;
  const note = words(validated && percent(held(validated, "Accuracy")) ? `${split} ${percent(held(validated, "Accuracy"))}` : null, rows.length > 1 && best !== null && `best ${percent(best)}`); // prettier-ignore
  return [...tiles, { label: progress ? "Accuracy so far" : "Accuracy", value: accuracy ?? "–", note }];
}

function pace({ status, epochs, progress, etaSeconds }: DashboardState): Tile[] {
  const speed = progress?.imagesPerSecond ?? epochs.entries.at(-1)?.imagesPerSecond;
  const row = epochs.entries.at(-1);
  const tiles: Tile[] = [
    {
      label: "Speed",
      value: speed === undefined ? "–" : `${Math.round(speed).toLocaleString("en-US")} images/s`,
      note: row ? `epoch ${row.epoch} took ${duration(row.seconds)}` : "",
    },
  ];
  if (status !== "running") return tiles;
  const left = etaSeconds !== null && Number.isFinite(etaSeconds) ? duration(etaSeconds) : "–";
  return [...tiles, { label: "Time left", value: left, note: progress ? `${duration(progress.seconds)} so far` : "" }];
}
