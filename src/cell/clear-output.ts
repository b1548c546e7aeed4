import { checkOptions, yesNo } from "../options";
import { kernelHost } from "./kernel-cell";

/**
 * Takes away what the running cell has shown so far; outside gradamp's kernel, does nothing.
 *
 * @param options `wait`: only once the cell shows something else, so that nothing flickers. Default: false.
 * @throws {TypeError} for an option that it does not know or of a wrong kind
 * @example
 * import * as ga from "gradamp";
 * for (const percent of [0, 50, 100]) {
 *   ga.clearOutput({ wait: true });
 *   console.log(`${percent} %`);
 * }
 */
export function clearOutput(options: { wait?: boolean } = {}): void {
  checkOptions("clearOutput", options, { wait: yesNo });
  kernelHost()?.clear(options.wait ?? false);
}
