import { type Command, InvalidArgumentError, Option } from "commander";

import type { AskedReadings } from "./reproduce/readings";
import type { ReproduceFlags } from "./reproduce/reproduce-flags";
import { addEngineFlags } from "./sweep/engine-flags";
import { exitCodesHelp } from "../spec/exit-codes";

export function registerReproduce(program: Command): void {
  const command = program
    .command("reproduce")
    .description("run a paper's experiments, and put the numbers beside the published ones")
    .argument("<paper>", "vgp, ga (2020) or iga (2023)");
  const option = (flags: string, text: string) => new Option(flags, text).helpGroup("What:");
  command.addOption(option("--scale <name>", "how much of it").choices(["demo", "short", "paper"]).default("short"));
  command.addOption(
    option("--models <list>", "the networks, as vgg19,resnet50 (default: what the scale says)").argParser(
      (text: string) => text.split(",").map((name) => name.trim()),
    ),
  );
  command.addOption(
    option("--part <name>", "one part of the protocol, as s2 or params1 (default: all of the scale's)"),
  );
  command.addOption(
    option("--scope <where...>", "where the factor acts (default: backprop)").choices(["backprop", "parameters", "input"]), // prettier-ignore
  );
  command.addOption(
    option("--weight-decay <number...>", "which the papers of 2020 and 2023 do not say (default: 0)").argParser(
      (text: string, before: number[] | undefined) => {
        if (text.trim() === "" || !(Number(text) >= 0))
          throw new InvalidArgumentError("Expected a number of 0 or more");
        return [...(before ?? []), Number(text)];
      },
    ),
  );
  command.addOption(
    option("--reading-of-g <ratio...>", "of 2023: G as eq. 4, or GNet, with the absolute value around the layer's sum (default: G)").choices(["G", "GNet"]), // prettier-ignore
  );
  command.addOption(
    option("--split <name>", "at the paper scale: as published, or with validation images").choices([
      "train-test",
      "held-out",
    ]),
  );
  const whole = (least: number) => (text: string) => {
    if (!(/^\d+$/.test(text) && Number(text) >= least)) {
      throw new InvalidArgumentError(`Expected a whole number of ${least} or more`);
    }
    return Number(text);
  };
  command.addOption(
    option("--seeds <number>", "fresh seeds of all that is judged (default: 5, demo 2)").argParser(whole(0)),
  );
  command.addOption(option("--power", "train nothing: say what verdicts so many seeds could reach"));
  command.addOption(option("--tables <number>", "of made-up results for --power (default: 100)").argParser(whole(1)));
  addEngineFlags(command)
    .addHelpText(
      "after",
      `
Scales:
  demo   the way, in minutes on two cores: a sixteenth of the widths, 500 embedded images, a few epochs; judges nothing
  short  a few hours on two cores: widths / 4, 10,000 training images and the whole test split of CIFAR, stage ends / 10;
         judges gains over a baseline of the same size, and which of two is above the other
  paper  as published: days on a GPU; judges every cell

Settings are tried with one seed; what is judged is run with fresh ones, beside a baseline that had as many tries and one
with a raised learning rate. What the papers leave open (--scope, --weight-decay, --reading-of-g) takes several values: each
combination is a reproduction of its own, and readings.html shows what holds under which. --seeds 10 takes twice as long as the default and sees smaller gains; ask --power first.

Examples:
  $ gradamp reproduce vgp --scale demo
  $ gradamp reproduce ga --scale short --power --seeds 10       what ten seeds could show
  $ GRADAMP_DATA=~/data gradamp reproduce ga --scale short
  $ gradamp reproduce ga --scope backprop parameters --weight-decay 0 5e-4      four readings side by side
  $ gradamp reproduce iga --scale short --models resnet50       params2, ends 1, 10, 14, 15
  $ gradamp reproduce iga --scale paper --part params1 --engine slurm --partition gpu --gpus 1 --time 08:00:00

Writes report.html with the paper's figures, report.md, cells.csv, claims.csv and results.csv into the sweep's folder (default: runs/reproduce-PAPER-SCALE).
Every cell is reproduced, refuted, inconclusive or not run. Called again it goes on where it stopped.
${exitCodesHelp({ done: "all trials done, whatever the cells say", failed: "some failed", interrupted: true })}`,
    )
    .action(async (paper: string, flags: Omit<ReproduceFlags, keyof AskedReadings> & AskedReadings) => {
      const { reproduce } = await import("./reproduce/reproduce.js");
      const { scope, weightDecay, readingOfG, ...rest } = flags;
      const asked = { scope, weightDecay, readingOfG };
      process.exitCode = await reproduce(paper, asked as AskedReadings, rest);
    });
}
