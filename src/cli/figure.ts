import type { Command } from "commander";
import { fail } from "./failure";
import { EXIT, exitCodesHelp } from "../spec/exit-codes";

interface Flags {
  readonly out: string;
  readonly theme: "light" | "dark";
  readonly title?: string;
  readonly axis?: string;
  readonly width?: string;
  readonly height?: string;
}

export function registerFigure(program: Command): void {
  program
    .command("figure")
    .description("draw a figure of one or several run folders")
    .argument("<name>", "gradientFlow, trainingCurves, gradientBars, gradientHeatmap, learningRateComparison, …")
    .argument("<run...>", "folders that saveRun wrote")
    .requiredOption("--out <file>", "ends in .html, .json, .png or .svg")
    .option("--theme <theme>", "light or dark", "light")
    .option("--title <text>", "the figure's title")
    .option("--axis <kind>", "log or linear, where the figure has a choice")
    .option("--width <pixels>", "of a PNG or SVG")
    .option("--height <pixels>", "of a PNG or SVG")
    .addHelpText(
      "after",
      `
Examples:
  $ gradamp figure gradientFlow runs/vgg38 --out flow.svg
  $ gradamp figure trainingCurves runs/vgg08 runs/vgg38 --out curves.html --theme dark

${exitCodesHelp({})}`,
    )
    .action(async (name: string, folders: string[], flags: Flags) => {
      process.exitCode = await figure(name, folders, flags);
    });
}

async function figure(name: string, folders: readonly string[], flags: Flags): Promise<number> {
  const { readRun } = await import("../runs/read-run.js");
  const { closeExporter } = await import("../export/index.js");
  const display = await import("../display/index.js");
  const figures = display.figure as unknown as Record<string, (source: unknown, options: object) => Figure>;
  type Figure = InstanceType<typeof display.Figure>;
  const draw = Object.hasOwn(figures, name) ? figures[name] : undefined;
  if (!draw) {
    fail(`Expected a figure's name but found "${name}": ${Object.keys(figures).join(", ")}`);
    return EXIT.usage;
  }
  const runs = folders.map((folder) => readRun(folder));
  const { out, theme, title, axis, width, height } = flags;
  const options = { theme, ...(title ? { title } : {}), ...(axis ? { axis } : {}) };
  const size = { ...(width ? { width: Number(width) } : {}), ...(height ? { height: Number(height) } : {}) };
  await draw(runs.length === 1 ? runs[0] : runs, options).save(out, {
    ...size,
    onProgress: (message) => process.stderr.write(`${message}\n`),
  });
  await closeExporter();
  process.stdout.write(`${out}\n`);
  return 0;
}
