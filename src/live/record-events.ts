import { isMeasured, liveKinds, type RowLists, type StageStart } from "../rows";
import type { DashboardEvent } from "./dashboard-event";

/** The events that have led to the rows of a run, in order: for who begins to watch in the middle. */
export function recordEvents(
  record: Partial<Readonly<RowLists>> & { stages?: readonly StageStart[] },
): DashboardEvent[] {
  const measured = liveKinds
    .filter(isMeasured)
    .map((kind) => [kind, grouped<{ epoch: number }, number>(record[kind] ?? [], ({ epoch }) => epoch)] as const);
  const dated: { at: number; order: number; event: DashboardEvent }[] = [];
  for (const stage of record.stages ?? []) dated.push({ at: stage.epoch, order: 0, event: { kind: "stage", stage } });
  for (const rows of grouped(record.selections ?? [], ({ stage, epoch }) => `${stage}/${epoch}`).values())
    dated.push({ at: rows[0]!.epoch, order: 1, event: { kind: "selection", rows } });
  for (const row of record.epochs ?? []) {
    const own = Object.fromEntries(measured.map(([kind, rows]) => [kind, rows.get(row.epoch) ?? []]));
    dated.push({ at: row.epoch, order: 2, event: { kind: "epoch", row, ...own } });
  }
  return dated.sort((a, b) => a.at - b.at || a.order - b.order).map(({ event }) => event);
}

function grouped<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
