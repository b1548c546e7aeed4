import type { Run } from "../training";
import type { DashboardEvent } from "./dashboard-event";
import { recordEvents } from "./record-events";

/** Tells what a run of this process has done so far, and what it does from now on; returns what ends that. */
export function followTraining(run: Run, tell: (event: DashboardEvent) => void): () => void {
  for (const event of recordEvents(run)) tell(event);
  for (const text of run.warnings) tell({ kind: "warning", text });
  if (run.status !== "running") {
    tell({ kind: "end", status: run.status });
    return () => undefined;
  }
  const endings = [
    run.on("progress", (progress) => tell({ kind: "progress", progress })),
    run.on("stage", (stage) => tell({ kind: "stage", stage })),
    run.on("selection", ({ rows }) => tell({ kind: "selection", rows })),
    run.on("epoch", (rows) => tell({ kind: "epoch", ...rows })),
    run.on("warning", (text) => tell({ kind: "warning", text })),
    run.on("end", ({ status }) => tell({ kind: "end", status })),
  ];
  return () => {
    for (const end of endings) end();
  };
}
