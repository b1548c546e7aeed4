/** Which directionality ratio decides; `"GPrime"` is G′. */
export type Directionality = "G" | "GPrime";

/** Case 1 of the 2023 paper (`"one"`: Ĝ > threshold) or case 2 (`"both"`: |Ĝ| > threshold). */
export type Sides = "one" | "both";

/** How the layers of an amplified stage are chosen by the gradients themselves. */
export interface DirectionalityRule {
  readonly directionality: Directionality;
  readonly sides: Sides;
  /** On the normalised ratio; finite, with `"both"` at least 0. */
  readonly threshold: number;
  /** `"stage"`: once a stage; `{ epochs: n }`: every n epochs, counted anew at each stage. */
  readonly reselect: "stage" | { readonly epochs: number };
  /**
   * Whether later analyses leave amplification on.  A stage's first epoch is always analysed without it.
   *
   * `"continue"`: a later selection uses the epoch before it, amplified as it was.  `"pause"`: every epoch that is
   * analysed is trained without amplification, which at `{ epochs: 2 }` amplifies only half of them.
   */
  readonly analyse: "continue" | "pause";
}

/** @throws {RangeError} if a value of the rule makes no sense */
export function checkRule(rule: DirectionalityRule): void {
  const { directionality, sides, threshold, reselect, analyse } = rule;
  const oneOf = (name: string, value: unknown, known: readonly string[]) => {
    if (!known.includes(value as string))
      throw new RangeError(`Expected ${name} to be ${known.map((word) => `"${word}"`).join(" or ")} but found ${JSON.stringify(value)}`); // prettier-ignore
  };
  oneOf("directionality", directionality, ["G", "GPrime"]);
  oneOf("sides", sides, ["one", "both"]);
  oneOf("analyse", analyse, ["continue", "pause"]);
  if (!Number.isFinite(threshold)) throw new RangeError(`Expected threshold to be a number but found ${threshold}`);
  if (sides === "both" && threshold < 0) {
    throw new RangeError(
      `Expected threshold to be at least 0 with sides "both" but found ${threshold}: every |Ĝ| is above it`,
    );
  }
  if (reselect === "stage") return;
  const epochs = (reselect as { epochs?: unknown } | null)?.epochs;
  if (!(Number.isInteger(epochs) && (epochs as number) > 0)) {
    throw new RangeError(
      `Expected reselect to be "stage" or { epochs: n } with whole n above 0 but found ${JSON.stringify(reselect)}`,
    );
  }
  if (analyse === "pause" && epochs === 1) {
    throw new RangeError(
      `Expected reselect to leave epochs to amplify but found { epochs: 1 } with analyse "pause": no epoch would be amplified`,
    );
  }
}
