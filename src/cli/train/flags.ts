import { type Command, InvalidArgumentError, Option } from "commander";
import { type Flag, flagsOf, type Kind, type Place, SAVE, TRIAL, valueOfWord } from "../../spec";

/** What `gradamp train` may be told beside what a training is; what is undefined was not. */
export interface CommandFlags {
  readonly config?: string;
  readonly run?: string;
  readonly resume?: string;
  readonly overwrite?: boolean;
  readonly until?: number;
  readonly progress: "bar" | "json" | "none";
  readonly json?: boolean;
  readonly dryRun?: boolean;
}

/** Every flag that the description of a training makes. */
export const TRIAL_FLAGS: readonly Flag[] = flagsOf(TRIAL);

/** What commander calls a flag: "--no-amp-ratio" → "ampRatio". */
export const attribute = (long: string): string => new Option(long).attributeName();

/** The heading in --help under which what a training's description says of something stands. */
const HEADINGS: Readonly<Record<string, string>> = {
  model: "Model and data:",
  data: "Model and data:",
  amplify: "Amplification:",
  stages: "Amplification:",
  measure: "Measuring:",
  validate: "Measuring:",
  test: "Measuring:",
  testWeights: "Measuring:",
  run: "Keeping:",
  from: "Keeping:",
  name: "The run:",
  seed: "The run:",
};

/** The options of `gradamp train`: a few of its own, and those of the description of a training. */
export function addTrainFlags(command: Command): Command {
  const own = (heading: string, flags: string, help: string) => new Option(flags, help).helpGroup(heading);
  const run = "The run:";
  command
    .addOption(
      own(
        run,
        "--run <folder>",
        "where it is kept; goes on where that holds the same run unfinished (default: runs/MODEL-TIME)",
      ),
    )
    .addOption(own(run, "--overwrite", SAVE.overwrite.help))
    .addOption(own(run, "--resume <folder>", "go on with a run that was kept; needs nothing else"))
    .addOption(
      own(run, "--config <file>", "a training as JSON, as docs/options.md has it; the options below change it"),
    );
  // In the order of their headings, which is the order of --help.
  const order = [...new Set(["The run:", "Model and data:", "Training:", ...Object.values(HEADINGS)])];
  const headed = TRIAL_FLAGS.map((flag) => [HEADINGS[flag.places[0]!.path[0]!] ?? "Training:", flag] as const);
  for (const [heading, flag] of headed.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))) {
    const { long, placeholder, old, hidden } = flag;
    command.addOption(described(new Option([long, placeholder].filter(Boolean).join(" "), helpOf(flag)), flag).helpGroup(heading).hideHelp(hidden)); // prettier-ignore
    if (old !== undefined)
      command.addOption(described(new Option([old, placeholder].filter(Boolean).join(" "), long), flag).hideHelp());
  }
  return command
    .addHelpOption(own("Output:", "-h, --help", "show this"))
    .addOption(own("Output:", "--progress <how>", "on stderr").choices(["bar", "json", "none"]).default("bar"))
    .addOption(own("Output:", "--json", "print the result as JSON"))
    .addOption(own("Output:", "--dry-run", "show the training that was asked for, as JSON, and end"));
}

/** An option that takes the words that its kind takes. */
function described(option: Option, { places, placeholder }: Flag): Option {
  const kinds = places.map(({ field }) => field.kind as Kind<unknown>);
  const choices = choicesOf(places[0]!);
  if (placeholder === null) return option;
  if (choices && places.every((place) => choicesOf(place)?.join() === choices.join())) return option.choices(choices);
  if (kinds.every(({ word }) => word === "number"))
    option.argParser((text) => {
      if (text.trim() === "" || Number.isNaN(Number(text))) throw new InvalidArgumentError("Expected a number");
      return text;
    });
  return option;
}

function choicesOf({ field, path }: Place): string[] | null {
  const { variants, choices, isNullable } = field.kind as Kind<unknown>;
  // Of a network or data set errors name the nearest.
  if (variants && path[0] === "optimizer") return Object.keys(variants);
  return choices && !isNullable ? [...choices] : null;
}

function helpOf({ places, sets }: Flag): string {
  const { kind, help } = places[0]!.field;
  const { variants } = kind as Kind<unknown>;
  const names = variants && !choicesOf(places[0]!) ? `: ${Object.keys(variants).join(", ")}` : "";
  if (sets === false) return `do not: ${help}`;
  if (sets === null) return `none of: ${help.replace(/; null .*/, "")}`;
  if (sets) return help;
  const defaults = new Map(places.map(({ field, variant }) => [variant?.name ?? "", field.default]));
  const shown = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
  const told = [...defaults].filter(([, value]) => value !== undefined && value !== null && !isObject(value));
  if (told.length === 0) return `${help}${names}`;
  const values = new Set([...defaults.values()].map(shown));
  // Each network has its own.
  if (values.size > 1 && defaults.size > 3) return `${help}${names}`;
  const text = values.size === 1 ? shown(told[0]![1]) : told.map(([name, value]) => `${shown(value)} for ${name}`).join(", "); // prettier-ignore
  return `${help}${names} (default: ${text})`;
}

const isObject = (value: unknown) => typeof value === "object" && !Array.isArray(value);

/** What was said on the command line, and nothing that holds without. */
export function givenOptions(command: Command): Record<string, unknown> {
  const options: Record<string, unknown> = command.opts();
  const given = Object.entries(options).filter(([name]) => command.getOptionValueSource(name) === "cli");
  return Object.fromEntries(given);
}

/**
 * The same under the names that flags have now.
 *
 * @param onRenamed called with what to say of each that is called otherwise now
 * @throws {TypeError} if a flag is there under both names
 */
export function renamed(
  given: Readonly<Record<string, unknown>>,
  onRenamed: (note: string) => void = () => {},
): Record<string, unknown> {
  // prettier-ignore
  const flags: Record<string, unknown> = { ...given };
  for (const { long, old } of TRIAL_FLAGS) {
    if (old === undefined || flags[attribute(old)] === undefined) continue;
    const name = attribute(long);
    if (flags[name] !== undefined) throw new TypeError(`Expected ${long} once but found it also as ${old}`);
    onRenamed(`${old} is called ${long} now`);
    flags[name] = flags[attribute(old)];
    delete flags[attribute(old)];
  }
  return flags;
}

/** What of the command line says where and how, and not what. */
export function commandFlags(flags: Readonly<Record<string, unknown>>): CommandFlags {
  const { until, ...rest } = flags as { until?: string } & Partial<CommandFlags>;
  return { ...rest, progress: rest.progress ?? "bar", ...(until === undefined ? {} : { until: SAVE.until.kind.read(valueOfWord(SAVE.until.kind, until), "until")! }) }; // prettier-ignore
}
