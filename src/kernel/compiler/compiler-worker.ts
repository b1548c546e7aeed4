/** The thread of `CompilerThread`. */
import { parentPort, workerData } from "node:worker_threads";
import { CellCompiler } from "./cell-compiler";
import type { CompilerAnswer, CompilerRequest } from "./compiler-thread";

const { folder } = workerData as { folder: string };
const compiler = new CellCompiler(folder);

parentPort?.on("message", ({ id, method, values }: CompilerRequest) => {
  const answer: CompilerAnswer = { id };
  try {
    answer.result = (compiler[method] as (...values: unknown[]) => unknown).apply(compiler, values);
  } catch (error) {
    answer.error = (error as Error).message;
  }
  parentPort?.postMessage(answer);
});
