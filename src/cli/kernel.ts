import { type Command, Option } from "commander";
import type { SpecPlace } from "../kernel/spec/spec-place";
import { findProgram } from "../files/find-program";

type Flags = SpecPlace & { json?: boolean };

const noJupyter = `No Jupyter is on PATH. \`gradamp lab\` sets up a JupyterLab of this project's own and opens it; any other Jupyter
(pip install jupyterlab, VS Code) finds the kernel as well.`;

/** `gradamp kernel …`: makes the TypeScript kernel known to Jupyter, and takes it away again. */
export function registerKernel(program: Command): void {
  const kernel = program.command("kernel").description("make the TypeScript kernel known to Jupyter");
  const placed = (command: Command) =>
    command
      .addOption(new Option("--user", "the user's Jupyter (the default)").conflicts(["prefix", "sysPrefix"]))
      .addOption(
        new Option("--prefix <folder>", "the Jupyter of an installation: <folder>/share/jupyter").conflicts(
          "sysPrefix",
        ),
      )
      .option("--sys-prefix", "the Jupyter of the active Python or conda environment");

  placed(kernel.command("install"))
    .description('write the kernelspec `gradamp` ("TypeScript (gradamp)"), for any Jupyter from 4 on')
    .addHelpText(
      "after",
      `
Examples:
  $ gradamp kernel install
  $ gradamp kernel install --prefix ~/venv

The kernel runs this copy of gradamp with this Node; install it again after moving either. No Python is needed for it.
A Python environment that it is installed into, and the one of a papermill on PATH, get a module by which papermill can
write parameters in TypeScript; pip uninstall gradamp-papermill takes it away.`,
    )
    .action(async (flags: Flags) => {
      const { installKernelSpec } = await import("../kernel/spec/install-kernel-spec.js");
      const { installPapermillTranslator } = await import("../kernel/spec/papermill-translator.js");
      console.log(installKernelSpec(flags));
      for (const file of installPapermillTranslator(flags))
        console.log(`${file}: papermill's parameters in TypeScript`);
      if (!findProgram(["jupyter", "jupyter-lab"])) process.stderr.write(`${noJupyter}\n`);
    });

  kernel
    .command("list")
    .description("gradamp's kernelspecs where Jupyter looks for them, the one in use first")
    .option("--prefix <folder>", "look there as well")
    .option("--json", "print JSON")
    .action(async ({ prefix, json }: Flags) => {
      const { listKernelSpecs } = await import("../kernel/spec/list-kernel-specs.js");
      const { labFolder } = await import("../kernel/lab/lab-folder.js");
      const specs = listKernelSpecs(process.env, [...(prefix === undefined ? [] : [prefix]), labFolder(process.cwd())]);
      if (json) console.log(JSON.stringify(specs, null, 2));
      else
        for (const { folder, version, gradamp, problem } of specs)
          console.log([folder, `gradamp ${version} in ${gradamp}`, ...(problem ? [problem] : [])].join("\n  "));
      if (specs.length === 0) process.stderr.write("None. `gradamp kernel install` installs one.\n");
      process.exitCode = specs.length > 0 && specs.every(({ problem }) => problem === null) ? 0 : 1;
    });

  placed(kernel.command("remove"))
    .description("take the kernelspec away")
    .action(async (flags: Flags) => {
      const { removeKernelSpec } = await import("../kernel/spec/remove-kernel-spec.js");
      const removed = removeKernelSpec(flags);
      if (removed) console.log(removed);
      else process.stderr.write("There is none\n");
      process.exitCode = removed ? 0 : 1;
    });
}
