import { runCommand } from "./run-command";
import { SetupError } from "./setup-error";

/** How the C++ compiler is called: the command and its first words. */
export type Compiler = readonly [command: string, ...words: string[]];

/**
 * The C++ compiler: `$CXX`, else g++ (clang++ on a Mac), else c++.
 *
 * @throws {SetupError} if there is none
 */
export async function findCompiler(environment: NodeJS.ProcessEnv = process.env): Promise<Compiler> {
  const own = environment["CXX"]?.trim().split(/\s+/);
  const candidates =
    own && own[0] ? [own as [string, ...string[]]] : [[process.platform === "darwin" ? "clang++" : "g++"], ["c++"]];
  for (const [command, ...words] of candidates) {
    try {
      const { status } = await runCommand(command!, [...words, "--version"], { environment });
      if (status === 0) return [command!, ...words];
    } catch (error) {
      if (!["ENOENT", "EACCES", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
  throw new SetupError(
    own?.[0]
      ? `The C++ compiler that CXX names (${environment["CXX"]}) does not run`
      : "A C++ compiler, which builds tfjs-node's addon against TensorFlow, is not here",
    process.platform === "darwin"
      ? "Install Xcode's command line tools (`xcode-select --install`) and run `gradamp setup` again"
      : "Install one (Debian, Ubuntu: `sudo apt install g++`; Fedora: `sudo dnf install gcc-c++`), or name one in CXX, and run `gradamp setup` again",
  );
}
