import { type Command, InvalidArgumentError, Option } from "commander";

/** What `gradamp sweep` may be told beside its file. */
export interface EngineFlags {
  readonly engine: "local" | "slurm";
  readonly out?: string;
  readonly jobs?: number;
  readonly threads?: number;
  readonly memory?: string;
  readonly gpus?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  readonly constraint?: string;
  readonly time?: string;
  readonly throttle?: number;
  readonly exclusive?: boolean;
  readonly warning?: number;
  readonly setup?: string[];
  readonly sbatch?: string[];
  readonly cancel?: boolean;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("Expected a whole number above 0");
  return value;
}

const collect = (word: string, words: string[] = []) => [...words, word];

/** The options that say where and how trials are trained. */
export function addEngineFlags(command: Command): Command {
  const group = (heading: string, ...options: Option[]) => {
    for (const option of options) command.addOption(option.helpGroup(heading));
  };
  const option = (flags: string, text: string) => new Option(flags, text);
  group(
    "Where:",
    option("--engine <name>", "child processes on this machine, or Slurm").choices(["local", "slurm"]).default("local"),
    option("--out <folder>", "where runs are kept (default: runs/FILE'S NAME)"),
    option("--threads <number>", "of each trial, for the whole sweep (default: 1)").argParser(count),
    option(
      "--memory <amount>",
      "of a trial: locally until one has been seen (default: 2G); on Slurm as sbatch's --mem",
    ),
    option("--gpus <list>", "locally the GPUs to use, as 0,1 (default: none); on Slurm how many for each trial"),
  );
  group("On this machine:", option("--jobs <number>", "the most trials at a time (default: as many as fit)").argParser(count)); // prettier-ignore
  group(
    "On Slurm:",
    option("--partition <name>", "as sbatch's"),
    option("--account <name>", "as sbatch's"),
    option("--qos <name>", "as sbatch's"),
    option("--constraint <list>", "as sbatch's"),
    option("--time <limit>", "of a job, as 04:00:00; what is not done by then goes on in another"),
    option("--throttle <number>", "the most elements of an array at a time").argParser(count),
    option("--exclusive", "a node for each trial"),
    option("--warning <seconds>", "before the time limit, to save the state (default: 120)").argParser(count),
    option("--setup <line>", "run before each trial, as 'module load cuda'; may be repeated").argParser(collect),
    option("--sbatch <word>", "another of sbatch's options, as --sbatch=--nice=100; may be repeated").argParser(
      collect,
    ),
    option("--cancel", "cancel the sweep's jobs, and end"),
  );
  group(
    "Output:",
    option("--dry-run", "show what would be done, for Slurm the scripts, and end"),
    option("--json", "print the results as JSON"),
  );
  return command;
}
