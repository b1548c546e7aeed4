/**
 * The line of a text that something is about, with the line before it and a mark beneath.
 *
 * @param at line and column from 1; `length` is how much is marked. Default of `length`: 1
 */
export function excerptAt(text: string, at: { line: number; column: number; length?: number }): string[] {
  const { line, column, length = 1 } = at;
  const lines = text.split("\n");
  const subject = lines[line - 1];
  if (subject === undefined) return [];
  const width = String(line).length;
  const numbered = (number: number, content: string) => `${String(number).padStart(width)} | ${content}`;
  const before = lines[line - 2];
  // What stands before the mark decides its place, tabs included.
  const indent = subject.slice(0, column - 1).replace(/[^\t]/g, " ");
  const marks = "~".repeat(Math.max(1, Math.min(length, subject.length - column + 1)));
  return [
    ...(before === undefined || before.trim() === "" ? [] : [numbered(line - 1, before)]),
    numbered(line, subject),
    `${" ".repeat(width)} | ${indent}${marks}`,
  ];
}
