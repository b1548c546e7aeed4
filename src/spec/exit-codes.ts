/** What a command of `gradamp` ends with; whoever starts trials (sweeps, Slurm) goes by the same. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  diverged: 3,
  held: 4,
  stopped: 75,
  interrupted: 130,
  terminated: 143,
} as const;

/** How a command ended. */
export type ExitName = keyof typeof EXIT;

/** What each means, in help and documentation. */
export const EXIT_MEANINGS: Readonly<Record<ExitName, string>> = {
  done: "done",
  failed: "failed, or not as it should be",
  usage: "wrong command line; or a configuration with an unknown or a wrong entry: nothing was done",
  diverged: "the loss was not finite any more",
  held: "another process writes this run",
  stopped: "stopped by SIGTERM or SIGUSR1: the same command goes on",
  interrupted: "interrupted: the same command goes on",
  terminated: "terminated",
};

/**
 * The line of a command's help about its exit codes.
 *
 * @param own those that the command has beside 0, 1 and 2, and what they mean to it where that is more than is said of all
 */
export function exitCodesHelp(own: Partial<Record<ExitName, string | true>>): string {
  const told: Partial<Record<ExitName, string | true>> = { done: true, failed: true, usage: true, ...own };
  const names = Object.keys(EXIT).filter((name) => name in told) as ExitName[];
  const parts = names.map((name) => {
    const meaning = told[name];
    return `${EXIT[name]} ${typeof meaning === "string" ? meaning : EXIT_MEANINGS[name].split(/[,;:]/)[0]}`;
  });
  // As wide as help is.
  return `Exit codes: ${parts.join("; ")}.`.replace(/(.{1,118})(?: |$)/g, "$1\n").trimEnd();
}
