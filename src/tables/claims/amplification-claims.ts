import { type ColumnTable, table } from "arquero";

import { checkOptions, checkTable, text } from "../../options";
import { type ResultRow, resultRows } from "../reproduction/result-row";
import { againstBaseline } from "../verbs/against-baseline";

/** Options of `ga.table.amplificationClaims`. */
export interface AmplificationClaimsOptions {
  /** The network, as the column `model` calls it. Default: "VGG-19", of which the paper's section 4.2.1 speaks. */
  model?: string;
}

/**
 * What "Gradient Amplification" (2020) says of one network, beside what came out here, as the paper reports it: the best
 * of all that was tried, by test accuracy. `ga.table.chosenByValidation` says what of it to believe.
 *
 * | column | |
 * |---|---|
 * | claim | what the paper says, and where |
 * | paper, here | what it prints, and what came out, in points of test accuracy over the originals' mean |
 * | verdict | "came out", "did not come out", "no difference" or "not run" |
 *
 * Source: Basodi et al. 2020, sections 4.2.1 and 4.3.
 *
 * @param results what `ga.sweepResults` gives
 * @param options Any of `AmplificationClaimsOptions`; none is needed.
 * @throws {TypeError} for what is no table
 * @throws {RangeError} for a table that lacks a column, and for a network of which it has no original or amplified run
 * @example
 * import { table } from "arquero";
 * import * as ga from "gradamp";
 *
 * const results = table({
 *   run: ["a", "b"], dataset: ["cifar-10", "cifar-10"], model: ["VGG-19", "VGG-19"], method: ["original", "amplified"],
 *   part: ["baseline", "s2"], group: [null, "bn"], params: [null, "S2_0_0.3"], strategy: [null, "S2_0_xx"], ampFactor: [null, 2],
 *   seed: [0, 0], testAccuracy: [0.91, 0.93], validationAccuracy: [0.9, 0.91], trainAccuracy: [1, 1], minutes: [1, 1],
 *   learningRate: [0.1, 0.1], folder: [null, null],
 * });
 * console.log(ga.table.amplificationClaims(results).get("here", 0)); // "+2.00"
 */
export function amplificationClaims(results: ColumnTable, options: AmplificationClaimsOptions = {}): ColumnTable {
  checkOptions("table.amplificationClaims", options, { model: text });
  checkTable(results);
  const { model = "VGG-19" } = options;
  const all = resultRows(results).filter((row) => row.model === model);
  const originals = all.flatMap(({ part, testAccuracy }) =>
    part === "baseline" && typeof testAccuracy === "number" ? [testAccuracy] : [],
  );
  const own = againstBaseline(results).objects({ limit: Infinity }) as (ResultRow & Compared)[];
  const tried = own.filter((row) => row.model === model && row.part !== "rerun" && row.baseline !== null);
  if (originals.length === 0 || tried.length === 0)
    throw new RangeError(
      `Expected original and amplified runs of ${model} but found ${originals.length} and ${tried.length}; its networks: ${[...new Set(resultRows(results).map((row) => row.model))].join(", ")}`,
    );
  const gain = (holds: (row: ResultRow & Compared) => boolean): number | null => {
    const gains = tried.filter(holds).map(({ accuracy, baseline }) => accuracy - (baseline ?? NaN));
    return gains.length > 0 ? Math.max(...gains) : null;
  };
  const bn = gain(({ group, ampFactor }) => group === "bn" && ampFactor === 2);
  const relu = gain(({ group, ampFactor }) => group === "relu" && ampFactor === 2);
  const strong = gain(({ ampFactor }) => Number(ampFactor) > 5);
  const [amplified, original] = [Math.max(...tried.map(({ accuracy }) => accuracy)), Math.max(...originals)];
  const rows = [
    {
      claim: "Amplified batch norms gain, best share (section 4.2.1)",
      paper: "+2.27",
      here: points(bn),
      verdict: verdictOf(bn, 0),
    },
    {
      claim: "More than amplified ReLUs do (section 4.2.1)",
      paper: "+2.27 and +1.98",
      here: `${points(bn)} and ${points(relu)}`,
      verdict: verdictOf(bn, relu),
    },
    {
      claim: "Γ above 5 gains nothing (phase 3)",
      paper: "“do not perform better”",
      here: points(strong),
      verdict: strong === null ? "not run" : strong <= 0 ? "came out" : "did not come out",
    },
    {
      claim: "The best amplified run is above the best original (section 4.3)",
      paper: "“outperform the best”",
      here: `${(100 * amplified).toFixed(2)} and ${(100 * original).toFixed(2)} of ${originals.length}`,
      verdict: verdictOf(amplified, original),
    },
  ];
  const names = ["claim", "paper", "here", "verdict"] as const;
  return table(Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])));
}

interface Compared {
  readonly accuracy: number;
  readonly baseline: number | null;
}

const verdictOf = (value: number | null, other: number | null) =>
  value === null || other === null ? "not run" : value === other ? "no difference" : value > other ? "came out" : "did not come out"; // prettier-ignore
/** A gain in points, with its sign. */
const points = (value: number | null) =>
  value === null ? "–" : `${value >= 0 ? "+" : "−"}${Math.abs(100 * value).toFixed(2)}`;
