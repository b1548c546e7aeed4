import type { Command } from "commander";

interface Flags {
  readonly package?: string;
}

/** `gradamp init`: a small project that uses gradamp. */
export function registerInit(program: Command): void {
  program
    .command("init")
    .description("write a small working project: package.json, a notebook, tsconfig.json")
    .argument("[folder]", "where; made if it is missing, and it must be empty", ".")
    .option(
      "--package <spec>",
      "gradamp itself: a tarball, or anything that npm installs (default: a copy of this one)",
    )
    .addHelpText(
      "after",
      `
Examples:
  $ gradamp init ~/gradients
  $ cd ~/gradients && npm install && npx gradamp lab

\`npm install\` brings everything, native TensorFlow included, and one engine for gradamp and danfo. What npm would get
wrong by itself lies in vendor/, and in the "overrides" of package.json.`,
    )
    .action(async (folder: string, flags: Flags) => {
      const { writeProject } = await import("./init/write-project.js");
      const files = await writeProject(folder, flags.package ?? null);
      console.log(files.join("\n"));
      const there = folder === "." ? "" : `cd ${folder} && `;
      process.stderr.write(`Next: ${there}npm install && npx gradamp lab\n`);
    });
}
