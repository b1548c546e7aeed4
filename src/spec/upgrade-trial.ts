/**
 * A trial or configuration as it is written down now, from those of any version before, in which
 *
 * - the data were called `dataset`, and a label of directionality `measure`,
 * - the learning rate stood beside its optimizer, null where stages set it,
 * - a schedule's stages were its `list`,
 * - `engine`, `precision` and `onNonFinite` stood in `run`.
 *
 * A name alone stands for a network, data set or optimizer without options, a path for a module.
 *
 * @throws {TypeError} if something is said in the old place and the new one
 */
export function upgradeTrial(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const trial: Record<string, unknown> = { ...given };
  move(trial, "dataset", trial, "data", ["dataset", "data"]);
  for (const name of ["model", "data", "optimizer"]) if (typeof trial[name] === "string") trial[name] = byNameOrModule(trial[name]); // prettier-ignore
  const { learningRate } = trial;
  delete trial["learningRate"];
  if (learningRate !== undefined) {
    const optimizer = (trial["optimizer"] ?? { name: "sgd" }) as Json;
    if (optimizer["learningRate"] !== undefined)
      throw new TypeError("Expected learningRate or optimizer.learningRate but found both");
    if (learningRate !== null) trial["optimizer"] = { ...optimizer, learningRate };
  }
  const stages = copyOf(trial, "stages");
  if (stages) move(stages, "list", stages, "stages", ["stages.list", "stages.stages"]);
  const labels = copyOf(trial, "labels");
  if (labels) move(labels, "measure", labels, "directionality", ["labels.measure", "labels.directionality"]);
  const run = copyOf(trial, "run");
  if (run)
    for (const name of ["engine", "precision", "onNonFinite"]) {
      if (run[name] === trial[name]) delete run[name];
      move(run, name, trial, name, [name, `run.${name}`]);
    }
  return trial;
}

/** Whether a word names a file: "./a.ts", "/a", "my/model.mjs". */
export const isModulePath = (word: string): boolean => /^\.{0,2}[/\\]/.test(word) || /\.([cm]?[jt]s|json)$/.test(word);

/** What a word on the command line or in a configuration stands for. */
export const byNameOrModule = (word: string): Json => (isModulePath(word) ? { module: word } : { name: word });

type Json = Record<string, unknown>;

/** A copy, in its place, of an object within another; null where it is none. */
function copyOf(of: Json, name: string): Json | null {
  const found = of[name];
  if (typeof found !== "object" || found === null || Array.isArray(found)) return null;
  return (of[name] = { ...found });
}

function move(from: Json, old: string, to: Json, name: string, called: readonly [string, string]): void {
  if (from[old] === undefined) return;
  if (to[name] !== undefined) throw new TypeError(`Expected ${called[0]} or ${called[1]} but found both`);
  to[name] = from[old];
  delete from[old];
}
