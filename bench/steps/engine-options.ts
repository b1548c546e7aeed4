import type { Task } from "../measure/task";
import type { TrainOptions } from "../../src/training";

/** What chooses engine and precision among the options of training; null where gradamp has no such engine. */
export function engineOptions({ engine, precision }: Pick<Task, "engine" | "precision">): Partial<TrainOptions> | null {
  if (engine === "graph.xla") return { engine: "graph", compiler: "xla", precision };
  return engine === "eager" || engine === "graph" ? { engine, precision } : null;
}
