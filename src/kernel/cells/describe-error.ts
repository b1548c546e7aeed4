import { inspect } from "node:util";
import { cellName } from "./cell-name";
import type { CellError } from "./messages";

/** What was thrown, as plain data, whatever it is: its properties may throw, lie or be of any type. */
export function describeError(thrown: unknown): CellError {
  try {
    return describe(thrown);
  } catch (error) {
    const why = attempt(() => String((error as Error).message)) ?? "its properties cannot be read";
    return { name: "Thrown", message: `a value that cannot be shown: ${why}`, stack: [], position: null };
  }
}

function describe(thrown: unknown): CellError {
  if (!(thrown instanceof Error)) {
    // tslab's cells share our globals, but not a value of another context.
    const { name, message } = (thrown ?? {}) as { name?: unknown; message?: unknown };
    if (typeof message === "string" && typeof name === "string") return { name, message, stack: [], position: null };
    return { name: "Thrown", message: inspect(thrown, { depth: 2, breakLength: 100 }), stack: [], position: null };
  }
  const message = attempt(() => textOf(thrown.message)) ?? "(its message cannot be read)";
  const text = attempt(() => (typeof thrown.stack === "string" ? thrown.stack : "")) ?? "";
  const stack = text
    .slice(text.indexOf("\n    at ") + 1)
    .split("\n")
    .filter((line) => /^ +at /.test(line));
  const details = attempt(() => detailsOf(thrown)) ?? "";
  return {
    name: attempt(() => textOf(thrown.name)) || "Error",
    message: details === "" ? message : `${message}\n${details}`,
    stack: [...stack, ...(attempt(() => causesOf(thrown)) ?? [])],
    position: positionIn(stack),
  };
}

/** Words where they are words, else what Node shows of the value. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : inspect(value, { depth: 1 }));

/** What a look at foreign properties gives; null where it throws. */
function attempt<Result>(look: () => Result): Result | null {
  try {
    return look();
  } catch {
    return null;
  }
}

/** Own properties that say more than the message: a code, a remedy, the errors of an AggregateError. */
function detailsOf(error: Error): string {
  const { remedy, errors } = error as Error & { remedy?: unknown; errors?: unknown };
  return [
    typeof remedy === "string" ? `Remedy: ${remedy}` : "",
    ...(Array.isArray(errors) ? errors.map((each) => `- ${attempt(() => String(each)) ?? "?"}`) : []),
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function causesOf(error: Error): string[] {
  if (error.cause === undefined) return [];
  const text = error.cause instanceof Error ? (error.cause.stack ?? String(error.cause)) : inspect(error.cause);
  return `Caused by ${String(text)}`.split("\n");
}

function positionIn(stack: readonly string[]): CellError["position"] {
  for (const line of stack) {
    const found = cellName.find.exec(line);
    if (found) return { name: found[1] ?? "", line: Number(found[2]), column: Number(found[3]) };
  }
  return null;
}
