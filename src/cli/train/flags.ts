import { type Command, InvalidArgumentError, Option } from "commander";
import { OPTIMIZER_NAMES, type OptimizerName, type Scope, SCOPES } from "../../spec";

/** What `gradamp train` may be told; what is undefined was not. */
export interface TrainFlags {
  readonly config?: string;
  readonly run?: string;
  readonly resume?: string;
  readonly overwrite?: boolean;
  readonly from?: string;
  readonly until?: number;
  readonly name?: string;
  readonly model?: string;
  readonly width?: number;
  readonly dataset?: string;
  /** As --dataset was called before; the same. */
  readonly data?: string;
  readonly split?: string;
  readonly trainImages?: number;
  readonly validationImages?: number;
  readonly testImages?: number;
  readonly dataSeed?: number;
  readonly augmentation: boolean;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly optimizer?: OptimizerName;
  readonly learningRate?: string;
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
  readonly decayed?: "all" | "kernels";
  readonly clipNorm?: number;
  readonly stages?: string;
  readonly strategy?: string;
  readonly epochScale?: number;
  readonly ampRatio?: number;
  readonly group?: string;
  readonly ampFactor?: number;
  readonly scope?: Scope;
  readonly directionality?: "G" | "GPrime";
  readonly sides?: "one" | "both";
  readonly threshold?: number;
  readonly schedule?: string;
  readonly reselect?: number;
  readonly analyse?: "continue" | "pause";
  readonly resetOptimizer?: boolean;
  readonly measure: string | false | undefined;
  readonly every?: string;
  readonly reduce?: "last" | "epoch-mean";
  readonly validate?: "epoch" | "end" | "never";
  readonly test?: "epoch" | "end" | "never";
  readonly seed?: number;
  readonly onNonFinite?: "stop" | "record";
  readonly engine?: "graph" | "eager";
  readonly precision?: "float32" | "tf32" | "bfloat16";
  readonly checkpointEvery?: number;
  readonly keep?: number[];
  readonly checkpoints: boolean;
  readonly tensorboard?: boolean;
  readonly deterministic?: boolean;
  readonly progress: "bar" | "json" | "none";
  readonly json?: boolean;
  readonly dryRun?: boolean;
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) throw new InvalidArgumentError("Expected a number");
  return value;
}

function numbers(text: string): number[] {
  return text.split(",").map(number);
}

/** What flags are called now, by what they were called before. */
const RENAMED = { amplify: "ampRatio", factor: "ampFactor", data: "dataset" } as const;

/** Flags under the names that they have now. */
export function flagsOf(given: Readonly<Record<string, unknown>>): TrainFlags {
  const flags: Record<string, unknown> = { ...given };
  for (const [old, name] of Object.entries(RENAMED)) {
    if (flags[old] !== undefined && flags[name] !== undefined)
      throw new TypeError(`Expected --${dashed(name)} once but found it also as --${old}`);
    if (flags[old] !== undefined) flags[name] = flags[old];
  }
  return flags as unknown as TrainFlags;
}

/** "ampRatio" as it stands on a command line. */
export const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The options of `gradamp train`, in groups as --help shows them. */
export function addTrainFlags(command: Command): Command {
  const group = (heading: string, ...options: Option[]) => {
    for (const option of options) command.addOption(option.helpGroup(heading));
  };
  const option = (flags: string, text: string) => new Option(flags, text);
  const one = (flags: string, text: string, ...choices: string[]) => option(flags, text).choices(choices);
  const count = (flags: string, text: string) => option(flags, text).argParser(number);
  group(
    "The run:",
    option(
      "--run <folder>",
      "where it is kept; goes on where that holds the same run unfinished (default: runs/MODEL-TIME)",
    ),
    option("--overwrite", "delete the run that the folder holds, and begin anew; other files there stay"),
    option("--resume <folder>", "go on with a run that was kept; needs nothing else"),
    option("--config <file>", "a trial as JSON, with the fields of ga.trials; the options below change it"),
    option("--from <folder@epoch>", "begin as a copy of another run up to an epoch that has a checkpoint"),
    count("--until <epoch>", "end after this epoch with everything saved"),
    option("--name <text>", "for people"),
    count("--seed <number>", "of initial weights, shuffling, augmentation and selection (default: 0)"),
  );
  group(
    "Model and data:",
    option("--model <name>", "vgg08, vgg08-bn, vgg38, vgg38-bn, vgg38-bn-rc, vgg19, resnet18, resnet34, resnet50, …"),
    count("--width <channels>", "of the first convolution (default: the network's own)"),
    option("--dataset <name>", "embedded, embedded-100, cifar-10 or cifar-100"),
    option("--data <name>", "--dataset").hideHelp(),
    option("--split <name>", "of CIFAR: vgp, train-test, held-out, or a number of validation images"),
    count("--train-images <number>", "at most so many"),
    count("--validation-images <number>", "at most so many"),
    count("--test-images <number>", "at most so many"),
    count("--data-seed <number>", "which images are held out or drawn (default: 0)"),
    option("--no-augmentation", "no crops and mirroring"),
  );
  group(
    "Training:",
    count("--epochs <number>", "(default: 10, or the last stage's end)"),
    count("--batch-size <number>", "(default: 128)"),
    one("--optimizer <name>", "(default: sgd)", ...OPTIMIZER_NAMES),
    option("--learning-rate <rate>", "a number, or as cosine(0.001, min 0.00002) (default: the optimizer's)"),
    count("--momentum <number>", "of sgd and rmsprop (default: 0.9 and 0)"),
    option("--nesterov", "sgd with Nesterov's momentum, which looks a step ahead"),
    count("--weight-decay <number>", "(default: 0, for adamw 0.01)"),
    one("--decayed <what>", "what weight decay acts on (default: all)", "all", "kernels"),
    count("--clip-norm <number>", "largest norm of all gradients together (default: none)"),
    one("--on-non-finite <what>", "what a loss that is not finite does (default: stop)", "stop", "record"),
    one("--engine <name>", "whole steps as TensorFlow functions, or op by op (default: graph)", "graph", "eager"),
    one("--precision <name>", "of convolutions; tf32 on GPUs (default: float32)", "float32", "tf32", "bfloat16"),
  );
  group(
    "Amplification:",
    option("--strategy <name>", "schedule of the 2020 paper, as S1_0.7 or S2_0.3_0.5"),
    option("--stages <list>", 'as the papers print them: "[(50, 0.1, 0, 1), (100, 0.1, 0.7, 2), (150, 0.01, 0, 1)]"'),
    count("--epoch-scale <number>", "multiplies the ends of stages"),
    count("--amp-ratio <share>", "β of all epochs, without stages"),
    option("--group <name>", "relu, bn, bn+relu, first-bn-of-block or last-bn-of-block"),
    count("--amp-factor <number>", "Γ (default: 2)"),
    one("--scope <where>", "(default: backprop)", ...SCOPES),
    one("--directionality <ratio>", "choose layers by their gradients, as the 2023 paper", "G", "GPrime"),
    one("--sides <case>", "case 1 or 2 (default: one)", "one", "both"),
    count("--threshold <number>", "on the normalised ratio"),
    option("--schedule <name>", "params1, params2 or stages with amp for β (default: params1)"),
    count("--reselect <epochs>", "choose anew every so many epochs (default: once a stage)"),
    one("--analyse <how>", "whether later analyses pause amplification (default: continue)", "continue", "pause"),
    option("--reset-optimizer", "start every stage with an empty optimizer (default)"),
    option("--no-reset-optimizer", "keep momentum from stage to stage"),
    // What they were called before.
    count("--amplify <ratio>", "--amp-ratio").hideHelp(),
    count("--factor <number>", "--amp-factor").hideHelp(),
  );
  group(
    "Measuring:",
    option("--measure <list>", "statistics, as gradientFlow,norms,histogram (default: gradientFlow)"),
    option("--no-measure", "measure nothing"),
    option("--every <when>", "epoch, a number of steps, or as 'log 5' so many in each power of ten (default: epoch)"),
    one("--reduce <how>", "of an epoch: its last minibatch, or the mean of all (default: last)", "last", "epoch-mean"),
    one("--validate <when>", "(default: epoch)", "epoch", "end", "never"),
    one("--test <when>", "(default: end; epoch where there is no validation split)", "epoch", "end", "never"),
  );
  group(
    "Recording:",
    count("--checkpoint-every <epochs>", "(default: 1)"),
    option("--keep <epochs>", "whose checkpoints are never deleted, as 50,100").argParser(numbers),
    option("--no-checkpoints", "delete the last and the best checkpoint when the run has ended"),
    option("--tensorboard", "write event files for TensorBoard, too"),
    option("--deterministic", "refuse to run unless the numbers can be reproduced exactly; slower on a GPU"),
  );
  group(
    "Output:",
    one("--progress <how>", "on stderr", "bar", "json", "none").default("bar"),
    option("--json", "print the result as JSON"),
    option("--dry-run", "show the training that was asked for, as JSON, and end"),
  );
  return command;
}
