/**
 * Adds a line to an error's stack: the place of an `await` through which it came, which V8 does not know of because
 * something stands between the two.
 */
export function addFrame(error: unknown, where: string): void {
  if (!(error instanceof Error) || typeof error.stack !== "string" || error.stack.includes(where)) return;
  try {
    error.stack += `\n    at async ${where}`;
  } catch {
    // A frozen error keeps the stack that it has.
  }
}
