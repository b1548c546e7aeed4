/** What cells may call without an import, and neither ECMAScript nor Node declares. */
export const CELL_GLOBALS = `
/**
 * Asks the user for a line of text, by a field below the cell, and waits for it. \`await ga.input()\` lets other code
 * go on.
 *
 * @param message What is asked.
 * @param otherwise What counts where nothing is typed. Default: null.
 */
declare function prompt(message?: string, otherwise?: string): string | null;
`;
