import { field, type Kind, needed, number, objectOf, oneOf, readFields, refuse } from "../../options";
import { DIRECTIONALITIES, type Directionality } from "../../rows";

export type { Directionality };

/** Case 1 of the 2023 paper (`"one"`: Ĝ > threshold) or case 2 (`"both"`: |Ĝ| > threshold). */
export type Sides = "one" | "both";

/** How the layers of an amplified stage are chosen by the gradients themselves. */
export interface DirectionalityRule {
  /** G (2023, eq. 4), G′ (eq. 5), or `"GNet"`, the other reading of eq. 4. */
  readonly directionality: Directionality;
  /** "one": above the threshold; "both": on either side of it. */
  readonly sides: Sides;
  /** On the normalised ratio; finite, with `"both"` at least 0. */
  readonly threshold: number;
  /** `"stage"`: once a stage; `{ epochs: n }`: every n epochs, counted anew at each stage. */
  readonly reselect: "stage" | { readonly epochs: number };
  /**
   * Whether later analyses leave amplification on. A stage's first epoch is always analysed without it.
   *
   * `"continue"`: a later selection uses the epoch before it, amplified as it was. `"pause"`: every epoch that is
   * analysed is trained without amplification, which at `{ epochs: 2 }` amplifies only half of them.
   */
  readonly analyse: "continue" | "pause";
}

const reselect: Kind<DirectionalityRule["reselect"]> = {
  expected: 'to be "stage" or { epochs: n } with whole n above 0',
  read(value, name) {
    if (value === "stage") return value;
    const { epochs, ...rest } = (typeof value === "object" && value !== null ? value : {}) as { epochs?: unknown };
    if (!(Number.isInteger(epochs) && (epochs as number) > 0) || Object.keys(rest).length > 0)
      refuse(name, this.expected, value, typeof value === "string" || typeof value === "object");
    return value as { epochs: number };
  },
  fromText: (text) => (text === "stage" ? text : { epochs: Number(text) }),
};

/** How gradients choose the layers of amplified stages. */
export const RULE = {
  /** Which directionality ratio decides; `"GPrime"` is G′, `"GNet"` the other reading of G. */
  directionality: needed(
    oneOf(...DIRECTIONALITIES),
    "choose layers by the directionality of their gradients, as the 2023 paper",
    {
      flag: "--directionality <ratio>",
    },
  ),
  /** Case 1 of the 2023 paper (`"one"`: Ĝ > threshold) or case 2 (`"both"`: |Ĝ| > threshold). */
  sides: field(oneOf("one", "both"), "one", "case 1 (above the threshold) or case 2 (on both sides)", {
    flag: "--sides <case>",
  }),
  /** On the normalised ratio; finite, with `"both"` at least 0. */
  threshold: needed(
    number("to be a number", () => true),
    "on the normalised ratio",
    { flag: "--threshold <number>" },
  ),
  /** `"stage"`: once a stage; `{ epochs: n }`: every n epochs, counted anew at each stage. */
  reselect: field(reselect, "stage", "choose once a stage, or anew every so many epochs", {
    flag: "--reselect <epochs>",
  }),
  /** Whether later analyses leave amplification on. */
  analyse: field(oneOf("continue", "pause"), "continue", "whether later analyses leave amplification on", {
    flag: "--analyse <how>",
  }),
} as const;

/** A rule as an option. */
export const rule: Kind<DirectionalityRule> = {
  ...objectOf(RULE),
  read: (value, name) => {
    const found = readFields(RULE, value, { name });
    checkRule(found);
    return found;
  },
};

/** @throws {TypeError | RangeError} if a value of the rule makes no sense */
export function checkRule(given: DirectionalityRule): void {
  const { sides, threshold, reselect: often, analyse } = readFields(RULE, given);
  if (sides === "both" && threshold < 0) {
    throw new RangeError(
      `Expected threshold to be at least 0 with sides "both" but found ${threshold}: every |Ĝ| is above it`,
    );
  }
  if (analyse === "pause" && often !== "stage" && often.epochs === 1) {
    throw new RangeError(
      `Expected reselect to leave epochs to amplify but found { epochs: 1 } with analyse "pause": no epoch would be amplified`,
    );
  }
}
