import { parseArgs } from "node:util";
import { type EngineName, engineNames, type Precision } from "./engines";
import { type NetworkName, networkNames } from "./networks";
import { wholeNumber } from "./whole-number";

/** Parts of the benchmark that are neither a network nor an engine. */
export const SECTIONS = ["peak", "costs"] as const;
export type Section = (typeof SECTIONS)[number];
const PRECISIONS: readonly Precision[] = ["float32", "tf32", "bfloat16"];

export interface BenchOptions {
  readonly help: boolean;
  readonly networks: readonly NetworkName[];
  readonly engines: readonly EngineName[];
  readonly precisions: readonly Precision[];
  readonly sections: readonly Section[];
  readonly repeats: number;
  /** The least that a repeat takes, in seconds; it has at least three steps in any case. */
  readonly seconds: number;
  /** Interleaved pairs of the cost rows. */
  readonly pairs: number;
  /** Where the result goes as JSON, or null. */
  readonly json: string | null;
  /** Networks of width 4 and batches of 8, which tries the benchmark itself. */
  readonly tiny: boolean;
}

export const HELP = `Milliseconds per training step, engines in turn on one machine.

npm run bench -- [--only NAME,…] [--json FILE] [--repeats 5] [--seconds 1] [--pairs 30]
npm run bench -- BENCHMARK [-- OPTION …]      another benchmark of bench/

--only NAME,…   some of
                networks    ${networkNames.join(", ")}
                engines     ${engineNames.join(", ")}
                precisions  ${PRECISIONS.join(", ")}
                sections    ${SECTIONS.join(", ")}
                Names of one kind leave out the others of that kind; sections run where they, or no engines, are named.
--json FILE     writes { machine, versions, rows: [{ network, engine, precision, batch, msPerStep, spread, runs }], … }
--repeats N     timed repeats of each row, in turn with the other rows; at least 5, fewer only with --tiny
--seconds S     the least that a repeat takes; at least three steps in any case
--pairs N       interleaved pairs of the cost rows
--tiny          networks of width 4 and batches of 8: tries the benchmark itself, the numbers mean nothing

PyTorch and Keras are measured where GRADAMP_BENCH_PYTHON is a Python that has torch, tensorflow and keras.
`;

/**
 * The command line's words as options.
 *
 * @throws {RangeError | TypeError} for a name or a value that there is not
 */
export function parseOptions(words: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      help: { type: "boolean", short: "h", default: false },
      only: { type: "string", multiple: true, default: [] },
      json: { type: "string" },
      repeats: { type: "string", default: "5" },
      seconds: { type: "string", default: "1" },
      pairs: { type: "string", default: "30" },
      tiny: { type: "boolean", default: false },
    },
  });
  const only = values.only.flatMap((list) => list.split(",")).filter((name) => name !== "");
  const known: readonly string[] = [...networkNames, ...engineNames, ...PRECISIONS, ...SECTIONS];
  const stranger = only.find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new RangeError(`Expected --only to name some of ${known.join(", ")} but found "${stranger}"`);
  const pick = <Name extends string>(names: readonly Name[]): readonly Name[] => {
    const picked = names.filter((name) => only.includes(name));
    return picked.length > 0 ? picked : names;
  };
  const sections = SECTIONS.filter((name) => only.includes(name));
  const namesEngines = engineNames.some((name) => only.includes(name));
  return {
    help: values.help,
    networks: pick(networkNames),
    engines: sections.length > 0 && !namesEngines ? [] : pick(engineNames),
    precisions: pick(PRECISIONS),
    sections: sections.length > 0 || namesEngines ? sections : SECTIONS,
    repeats: wholeNumber("--repeats", values.repeats, values.tiny ? 1 : 5),
    seconds: positive("--seconds", values.seconds),
    pairs: wholeNumber("--pairs", values.pairs, values.tiny ? 1 : 30),
    json: values.json ?? null,
    tiny: values.tiny,
  };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) throw new RangeError(`Expected ${option} to be above 0 but found ${text}`);
  return value;
}
