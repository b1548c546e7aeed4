import { Command, CommanderError } from "commander";
import { visibleText } from "../progress/visible-text";
import { registerData } from "./data";
import { registerDemo } from "./demo";
import { registerDoctor } from "./doctor";
import { describeFailure, fail, lastFailure, noteFailure } from "./failure";
import { registerFigure } from "./figure";
import { registerInit } from "./init";
import { registerKernel } from "./kernel";
import { registerLab } from "./lab";
import { registerReproduce } from "./reproduce";
import { registerRuns } from "./runs";
import { registerSetup } from "./setup";
import { registerSweep } from "./sweep";
import { registerTrain } from "./train";
import { version } from "./version";
import { EXIT, exitCodesHelp } from "../spec/exit-codes";

/** Every command adds itself; what it needs beyond the command line it imports when it runs, so that --help is quick. */
const COMMANDS: readonly ((program: Command) => void)[] = [
  registerSetup,
  registerDoctor,
  registerData,
  registerTrain,
  registerRuns,
  registerSweep,
  registerReproduce,
  registerDemo,
  registerFigure,
  registerKernel,
  registerLab,
  registerInit,
];

/**
 * Runs one command line.
 *
 * @param words what follows `gradamp`
 * @returns the exit code: 0 done; 1 it failed, or what was asked is not so; 2 the command line is wrong; 130 interrupted
 */
export async function main(words: readonly string[]): Promise<number> {
  const program = new Command("gradamp")
    .description("Gradient amplification and per-layer gradient analysis on TensorFlow")
    .version(version())
    .showHelpAfterError("(gradamp --help lists the commands and their options)")
    .configureOutput({ writeErr: (text) => process.stderr.write(text) })
    .addHelpText(
      "after",
      `
Examples:
  $ gradamp setup                 fetch native TensorFlow and link it into node_modules
  $ gradamp doctor                what runs here, and the remedy for what does not
  $ gradamp data download cifar-100
  $ gradamp train --model vgg08 --dataset embedded --epochs 4 --run runs/first
  $ gradamp demo                  train, measure and amplify; a page of figures in five minutes

${exitCodesHelp({ failed: "failed or not as it should be", interrupted: true })}
Results go to stdout, progress and messages to stderr.`,
    )
    .exitOverride();
  for (const register of COMMANDS) register(program);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  const output = guardOutput();
  try {
    const code = await run(program, words);
    if (code !== 0 && words.includes("--json") && output.isEmpty()) {
      const { message, remedy } = lastFailure() ?? {
        message: code === EXIT.interrupted ? "Interrupted" : `It ended with exit code ${code}`,
        remedy: null,
      };
      process.stdout.write(`${JSON.stringify({ error: { message, remedy, exitCode: code } }, null, 2)}\n`);
    }
    return code;
  } catch (error) {
    // The output itself cannot be written.
    const { message, remedy } = describeFailure(error);
    fail(message, remedy);
    return 1;
  } finally {
    output.release();
  }
}

async function run(program: Command, words: readonly string[]): Promise<number> {
  try {
    await program.parseAsync([...words], { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) {
      noteFailure(error.message.replace(/^error: /, ""));
      return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    }
    const { message, remedy } = describeFailure(error);
    fail(message, remedy);
    if (process.env["GRADAMP_DEBUG"]) console.error(error);
    return 1;
  }
}

/** Shows control characters in what commands write to standard output, and tells whether they wrote anything. */
function guardOutput(): { isEmpty(): boolean; release(): void } {
  const { stdout } = process;
  const write = stdout.write.bind(stdout) as (...words: unknown[]) => boolean;
  let empty = true;
  stdout.write = ((chunk: unknown, ...rest: unknown[]) => {
    empty &&= typeof chunk === "string" ? chunk === "" : false;
    return write(typeof chunk === "string" ? visibleText(chunk) : chunk, ...rest);
  }) as typeof stdout.write;
  return { isEmpty: () => empty, release: () => Reflect.deleteProperty(stdout, "write") };
}
