import { runCommand } from "./run-command";
import { SetupError } from "./setup-error";

/** How pip is called: the command and its first words. */
export type Pip = readonly [command: string, ...words: string[]];

/**
 * Finds pip: as a module of `$PYTHON`, python3 or python, else as the command pip3 or pip.
 *
 * Any version of Python will do, Debian's externally managed one included: nothing is installed into it.
 *
 * @throws {SetupError} if there is none
 */
export async function findPip(environment: NodeJS.ProcessEnv = process.env): Promise<Pip> {
  const pythons = [environment["PYTHON"], "python3", "python"].filter((name) => name !== undefined && name !== "");
  const candidates: Pip[] = [
    ...pythons.map((python) => [python as string, "-m", "pip"] as const),
    ["pip3"] as const,
    ["pip"] as const,
  ];
  let pythonFound = false;
  for (const candidate of candidates) {
    const [command, ...words] = candidate;
    try {
      const { status, output } = await runCommand(command, [...words, "--version"], { environment });
      if (status === 0 && /^pip \d/m.test(output)) return candidate;
      if (words.length > 0) pythonFound ||= (await runCommand(command, ["--version"], { environment })).status === 0;
    } catch (error) {
      if (!["ENOENT", "EACCES", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
  throw pythonFound
    ? new SetupError(
        "Python is here but not its package installer pip, which fetches TensorFlow",
        "Install pip (Debian, Ubuntu: `sudo apt install python3-pip`; else `python3 -m ensurepip --user`) and run `gradamp setup` again",
      )
    : new SetupError(
        "Python 3 with pip, which fetches TensorFlow, is not here",
        "Install it (Debian, Ubuntu: `sudo apt install python3-pip`; Fedora: `sudo dnf install python3-pip`; macOS: `brew install python`) and run `gradamp setup` again",
      );
}
