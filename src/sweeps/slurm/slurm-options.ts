import { checkOptions, type Kind, type KindsOf, listOf, orNull, refuse, texts, whole, yesNo } from "../../options";

/** How trials are submitted; what is left out is the cluster's default. */
export interface SlurmOptions {
  /** As sbatch takes it. Default: the cluster's. */
  readonly partition?: string | null;
  /** As sbatch takes it. Default: the user's. */
  readonly account?: string | null;
  /** As sbatch takes it. Default: the user's. */
  readonly qos?: string | null;
  /** Features that nodes must have, as sbatch takes them. Default: none. */
  readonly constraint?: string | null;
  /** GPUs of each trial: a number, or their type and a number as `"a100:2"`. Default: 0. */
  readonly gpus?: number | string;
  /** As sbatch takes it: "4G". Default: the cluster's. */
  readonly memory?: string | null;
  /**
   * Time limit of a job as sbatch takes it, "04:00:00"; a trial that is not done by then goes on in another. Default:
   * the partition's.
   */
  readonly time?: string | null;
  /** The most elements of each array that run at a time. Default: all. */
  readonly throttle?: number | null;
  /** Whether each trial has its node for itself. Default: false. */
  readonly exclusive?: boolean;
  /** Seconds before the time limit at which a trial saves its state and is queued again. Default: 120. */
  readonly warning?: number;
  /** More options for sbatch. Default: none. */
  readonly more?: readonly string[];
  /** Lines that run before the trial: `["module load cuda"]`. Default: none. */
  readonly setup?: readonly string[];
}

const word: Kind<string> = {
  expected: "to be a text",
  read(found, name) {
    checkWord(name, found);
    return found as string;
  },
};

const gpus: Kind<number | string> = {
  expected: "to be how many each trial gets, as 2, or their type and number, as a100:2",
  read(found, name) {
    const isCount = typeof found === "number" ? Number.isInteger(found) && found >= 0 : typeof found === "string" && /^([\w.-]+:)?\d+$/.test(found); // prettier-ignore
    if (!isCount) refuse(`${name} on Slurm`, this.expected, found, ["number", "string"].includes(typeof found));
    return found as number | string;
  },
};

/** What each of these may be. */
const KINDS: KindsOf<SlurmOptions> = {
  partition: orNull(word),
  account: orNull(word),
  qos: orNull(word),
  constraint: orNull(word),
  gpus,
  memory: orNull(word),
  time: orNull(word),
  throttle: orNull(whole(1)),
  exclusive: yesNo,
  warning: whole(1),
  more: listOf(word, "a list of words"),
  setup: texts,
};

/**
 * Checks what sbatch is to be told, before anything is written.
 *
 * @throws {TypeError} for a value of the wrong kind
 * @throws {RangeError} for one that cannot be told, such as a line break, or makes no sense
 */
export function checkSlurmOptions(options: SlurmOptions): void {
  checkOptions("slurm", options, KINDS);
}

function checkWord(name: string, word: unknown): void {
  if (typeof word !== "string") throw new TypeError(`Expected ${name} to be a text but found ${JSON.stringify(word)}`);
  if (word.trim() === "") throw new RangeError(`Expected ${name} to say something but found an empty text`);
  if (/[\x00-\x1f\x7f]/.test(word))
    throw new RangeError(
      `Expected ${name} to be one line without control characters but found ${JSON.stringify(word)}`,
    );
}
