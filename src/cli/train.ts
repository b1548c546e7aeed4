import type { Command } from "commander";
import { addTrainFlags, givenOptions } from "./train/flags";
import { exitCodesHelp } from "../spec/exit-codes";

export function registerTrain(program: Command): void {
  const command = program
    .command("train")
    .description("train a network and keep the run: rows, checkpoints, every option; goes on where it was stopped");
  addTrainFlags(command)
    .addHelpText(
      "after",
      `
Examples:
  $ gradamp train --model vgg08 --data embedded --epochs 4 --seed 7 --run runs/first
  $ gradamp train --resume runs/first
  $ gradamp train --model resnet18 --data cifar-10 --strategy S1_0.7 --group first-bn-of-block --keep 50
  $ gradamp train --model vgg19 --data cifar-10 --directionality G --threshold 1.5 --scope parameters
  $ gradamp train --config trial.json --run runs/trial --from runs/first@50 --progress json

SIGINT, SIGTERM and SIGUSR1 end the run at the next step, saved up to its last complete epoch; a second one at once.
${exitCodesHelp({ done: "finished (or up to --until)", usage: "wrong command line or configuration", diverged: true, held: true, stopped: "stopped by SIGTERM or SIGUSR1: the same command goes on", interrupted: true })}`,
    )
    .action(async (_: unknown, self: Command) => {
      const { train } = await import("./train/train.js");
      process.exitCode = await train(givenOptions(self));
    });
}
