import { inspect } from "node:util";
import { cellName } from "./cell-name";
import type { CellError } from "./messages";

/** What was thrown, as plain data. */
export function describeError(thrown: unknown): CellError {
  if (!(thrown instanceof Error)) {
    // tslab's cells share our globals, but not a value of another context.
    const { name, message } = (thrown ?? {}) as { name?: unknown; message?: unknown };
    if (typeof message === "string" && typeof name === "string") return { name, message, stack: [], position: null };
    return { name: "Thrown", message: inspect(thrown, { depth: 2, breakLength: 100 }), stack: [], position: null };
  }
  const message = String(thrown.message);
  const text = typeof thrown.stack === "string" ? thrown.stack : "";
  const stack = text
    .slice(text.indexOf("\n    at ") + 1)
    .split("\n")
    .filter((line) => /^ +at /.test(line));
  const details = detailsOf(thrown);
  return {
    name: thrown.name || "Error",
    message: details === "" ? message : `${message}\n${details}`,
    stack: [...stack, ...causesOf(thrown)],
    position: positionIn(stack),
  };
}

/** Own properties that say more than the message: a code, a remedy, the errors of an AggregateError. */
function detailsOf(error: Error): string {
  const { remedy, errors } = error as Error & { remedy?: unknown; errors?: unknown };
  return [
    typeof remedy === "string" ? `Remedy: ${remedy}` : "",
    ...(Array.isArray(errors) ? errors.map((each) => `- ${String(each)}`) : []),
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function causesOf(error: Error): string[] {
  if (error.cause === undefined) return [];
  const text = error.cause instanceof Error ? (error.cause.stack ?? String(error.cause)) : inspect(error.cause);
  return `Caused by ${text}`.split("\n");
}

function positionIn(stack: readonly string[]): CellError["position"] {
  for (const line of stack) {
    const found = cellName.find.exec(line);
    if (found) return { name: found[1] ?? "", line: Number(found[2]), column: Number(found[3]) };
  }
  return null;
}
