import type { TrialSpec } from "../experiments";

/** Of what the names of files are made everywhere; a name that begins with a dot would be hidden, or lead out. */
const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.+=,@~ ()-]*$/u;
/** Bytes: with what is put before and behind them, file systems take 255. */
const LONGEST = 180;

/**
 * Checks that trials have ids by which their folders and files can be called, each its own.
 *
 * @throws {TypeError} if an id is no text
 * @throws {RangeError} if it is no name, or two are the same
 */
export function checkTrialIds(trials: readonly TrialSpec[]): void {
  const seen = new Set<string>();
  for (const { id } of trials) {
    if (typeof id !== "string")
      throw new TypeError(`Expected a trial's id to be a text but found ${JSON.stringify(id)}`);
    if (!NAME.test(id) || /[. ]$/.test(id) || Buffer.byteLength(id) > LONGEST)
      throw new RangeError(
        `Expected a trial's id to be a name for a folder, of letters, digits and _ . + = , @ ~ - ( ), at most ${LONGEST} bytes, ` +
          `but found ${JSON.stringify(id)}`,
      );
    // Some file systems tell no capitals from small letters.
    if (seen.has(id.toLowerCase()))
      throw new RangeError(`Expected every trial to have an id of its own but found ${id} twice`);
    seen.add(id.toLowerCase());
  }
}
