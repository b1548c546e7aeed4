import { basename, dirname, join } from "node:path";
import { makeFolder } from "../../files/make-folder";
import { ADDON_FLAGS, type AddonSources } from "./addon-sources";
import type { Compiler } from "./find-compiler";
import type { Installation } from "./installation";
import { lastLines, runCommand } from "./run-command";
import { SetupError } from "./setup-error";

export const ADDON = "tfjs_binding.node";
export const CUDA_CHECK = "cuda-check";
const EARLY_LOG_LEVEL = "libgradamp_early_log_level.so";

export interface CompileOptions {
  readonly compiler: Compiler;
  readonly sources: AddonSources;
  readonly installation: Installation;
  /** Folder to build into. */
  readonly target: string;
  /** More flags for the addon, which outdo its own: a check's warnings or sanitizers. */
  readonly flags?: readonly string[] | undefined;
  readonly environment?: NodeJS.ProcessEnv | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Builds tfjs-node's addon against a TensorFlow with one command: no node-gyp, no Node headers, nothing downloaded.
 * On Linux two small tools of gradamp's own come first.
 *
 * @throws {SetupError} if the compiler refuses
 */
export async function compileAddon(options: CompileOptions): Promise<void> {
  const { sources, target } = options;
  makeFolder(target);
  const linux = process.platform === "linux";
  if (linux) {
    const library = join(target, EARLY_LOG_LEVEL);
    await compile(options, ["-O2", "-fPIC", "-shared", "-Wl,-z,initfirst", sources.earlyLogLevel, "-o", library]);
    await compile(options, ["-O2", sources.cudaCheck, "-ldl", "-o", join(target, CUDA_CHECK)]);
  }
  await compile(options, [
    ...[...ADDON_FLAGS, ...(options.flags ?? []), `-I${sources.folder}`],
    // What is wrong with others' headers is not looked for.
    ...[...sources.includes, options.installation.include].flatMap((folder) => ["-isystem", folder]),
    ...sources.units,
    ...(linux ? linkOnLinux(options) : linkOnMac(options)),
    ...["-o", join(target, ADDON)],
  ]);
}

function linkOnLinux({ installation, target }: CompileOptions): string[] {
  const libraries = dirname(installation.mainLibrary);
  // In the cache by relative address, so that the cache may be moved.
  const place = installation.kind === "external" ? libraries : "$ORIGIN/../tensorflow";
  return [
    `-L${target}`,
    ...["-Wl,--no-as-needed", `-l:${EARLY_LOG_LEVEL}`, "-Wl,--as-needed"],
    `-L${libraries}`,
    `-l:${basename(installation.mainLibrary)}`,
    `-l:${basename(installation.frameworkLibrary)}`,
    // RPATH's modern form is not asked for the libraries of libraries; TensorFlow's own carry theirs.
    `-Wl,-rpath,$ORIGIN:${place}`,
  ];
}

/** Written from the wheel's contents; not run. */
function linkOnMac({ installation }: CompileOptions): string[] {
  const place = installation.kind === "external" ? dirname(installation.mainLibrary) : "@loader_path/../tensorflow";
  return [
    ...["-undefined", "dynamic_lookup"],
    installation.mainLibrary,
    installation.frameworkLibrary,
    `-Wl,-rpath,${place}`,
  ];
}

async function compile(options: CompileOptions, flags: readonly string[]): Promise<void> {
  const [command, ...words] = options.compiler;
  const { status, signal, output } = await runCommand(command, [...words, ...flags], {
    ...(options.environment ? { environment: options.environment } : {}),
    signal: options.signal,
  });
  if (status === 0) return;
  throw new SetupError(
    `${command} could not build tfjs-node's addon (${signal ?? `exit status ${status}`}):\n${lastLines(output)}`,
    "A compiler for C++17 is needed (g++ 8 or clang 7 and later): name another one in CXX and run `gradamp setup` again",
  );
}
