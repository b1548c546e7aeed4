import { checkOptions, yesNo } from "../options";
import { createInterface } from "node:readline/promises";
import { kernelHost } from "./kernel-cell";

/**
 * Asks the user for a line of text: in a notebook by a field below the running cell, elsewhere on the terminal. Node's
 * `readline` and, as in a browser, `prompt("…")` ask in the notebook, too.
 *
 * @param prompt What is asked. Default: nothing.
 * @param options `password`: whether what is typed is hidden, in a notebook. Default: false.
 * @returns What was typed, without the line's end.
 * @throws {Error} if the notebook's client cannot ask, as `jupyter nbconvert --execute` cannot; it is named
 *   InputRefused
 * @throws {Interrupted} if the cell is interrupted meanwhile
 * @example
 * import * as ga from "gradamp";
 * const ask = async () => Number(await ga.input("How many epochs? "));
 * console.log(typeof ask); // in a notebook: const epochs = await ask();
 */
export async function input(prompt = "", options: { password?: boolean } = {}): Promise<string> {
  checkOptions("input", options, { password: yesNo });
  const { password = false } = options;
  if (typeof prompt !== "string")
    throw new TypeError(`Expected prompt to be a text but found ${typeof prompt}; call ga.input("Your name? ")`);
  const kernel = kernelHost();
  if (kernel) return kernel.ask({ prompt, password });
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(prompt);
  } finally {
    terminal.close();
  }
}
