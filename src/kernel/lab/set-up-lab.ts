import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeFileAtomically } from "../../files/write-file-atomically";
import { findPip } from "../../tensorflow/setup/find-pip";
import { lastLines, runCommand, type CommandResult } from "../../tensorflow/setup/run-command";
import { SetupError } from "../../tensorflow/setup/setup-error";
import { installKernelSpec } from "../spec/install-kernel-spec";
import { installPapermillTranslator } from "../spec/papermill-translator";
import { labFolder } from "./lab-folder";

/** What is installed: any JupyterLab of the fourth generation, and nbconvert for pages and other formats. */
const requirements = ["jupyterlab>=4,<5", "nbconvert>=7,<8"];

export interface SetUpLabOptions {
  /** Told what takes long. */
  onProgress?: (message: string) => void;
  signal?: AbortSignal;
}

export interface Lab {
  /** The virtual environment. */
  folder: string;
  /** Its `jupyter`. */
  program: string;
  /** Whether it was made now. */
  changed: boolean;
}

/**
 * Sets up JupyterLab with gradamp's kernel in a virtual environment of a project's own, `.gradamp/jupyter`, which git
 * ignores; once.
 *
 * @throws {SetupError} if there is no Python with pip, or pip fails
 */
export async function setUpLab(folder: string, options: SetUpLabOptions = {}): Promise<Lab> {
  const { onProgress = () => undefined, signal } = options;
  const environment = labFolder(folder);
  const program = join(environment, "bin", "jupyter");
  const record = join(environment, "gradamp.json");
  const wanted = JSON.stringify({ requirements });
  const changed = !existsSync(program) || !existsSync(record) || readFileSync(record, "utf8") !== wanted;
  if (changed) {
    // Without the record it is half of one.
    rmSync(environment, { recursive: true, force: true });
    writeFileAtomically(join(dirname(environment), ".gitignore"), "*\n");
    onProgress(`Making a virtual environment in ${environment}`);
    await install(environment, onProgress, signal);
    writeFileAtomically(record, wanted);
  }
  // The copy of gradamp, or of Node, may be another one than last time.
  installKernelSpec({ prefix: environment });
  installPapermillTranslator({ prefix: environment });
  return { folder: environment, program, changed };
}

async function install(
  environment: string,
  onProgress: (message: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const pip = await findPip();
  const python = pip.includes("-m") ? pip[0] : "python3";
  const run = (command: string, words: readonly string[]) => runCommand(command, words, { signal });
  const whole = await run(python, ["-m", "venv", environment]);
  // Debian parts venv from Python; without its own pip an environment can still be filled by another one.
  if (whole.status !== 0)
    demand(await run(python, ["-m", "venv", "--without-pip", environment]), "make a virtual environment");
  onProgress(`Fetching JupyterLab (${requirements.join(", ")}; about 100 MB, once)`);
  const inside = join(environment, "bin", "python");
  const [command, ...words] = whole.status === 0 ? [inside, "-m", "pip"] : [...pip, "--python", inside];
  demand(
    await run(command, [...words, "install", "--disable-pip-version-check", ...requirements]),
    "install JupyterLab",
  );
}

function demand({ status, output }: CommandResult, what: string): void {
  if (status === 0) return;
  throw new SetupError(
    `Python cannot ${what}:\n${lastLines(output)}`,
    "Install Python 3.9 or newer with venv and pip (Debian, Ubuntu: `sudo apt install python3-venv python3-pip`) and try again",
  );
}
