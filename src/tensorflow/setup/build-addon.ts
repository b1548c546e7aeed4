import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../files/make-folder";
import type { AddonSources } from "./addon-sources";
import { askCuda } from "./ask-cuda";
import { ADDON, compileAddon } from "./compile-addon";
import type { Compiler } from "./find-compiler";
import type { AddonRecord, Installation } from "./installation";
import type { SetupProgress } from "./progress";
import { lastLines, runCommand } from "./run-command";
import { SetupError } from "./setup-error";

export interface BuildOptions {
  readonly compiler: Compiler;
  readonly sources: AddonSources;
  readonly installation: Installation;
  /** Folder the addon ends in; its addon.json is written last and says that it is complete. */
  readonly folder: string;
  readonly staging: string;
  readonly environment?: NodeJS.ProcessEnv | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SetupProgress) => void) | undefined;
}

/** Compiles the addon, sees that it loads, and records what it was built against. */
export async function buildAddon(options: BuildOptions): Promise<AddonRecord> {
  const { installation, folder } = options;
  const report = (phase: SetupProgress["phase"], detail: string) =>
    options.onProgress?.({ phase, detail, bytes: null, totalBytes: null });
  report("compile", "tfjs-node's addon");
  const target = join(options.staging, "addon");
  await rm(target, { recursive: true, force: true });
  await compileAddon({ ...options, target });
  makeFolder(installation.directory);
  // Without its addon.json it is the rest of a killed set-up.
  await rm(folder, { recursive: true, force: true });
  await rename(target, folder);

  report("load", "TensorFlow");
  const version = await load(join(folder, ADDON), options);
  const record: AddonRecord = {
    tensorflow: version,
    kind: installation.kind,
    mainLibrary: installation.mainLibrary,
    frameworkLibrary: installation.frameworkLibrary,
    nvidia: installation.nvidia,
    cuda: installation.kind === "cpu" ? null : await askCuda(folder, installation.frameworkLibrary),
  };
  await writeFile(join(folder, "addon.json.part"), `${JSON.stringify(record, null, 1)}\n`);
  await rename(join(folder, "addon.json.part"), join(folder, "addon.json"));
  return record;
}

/** Loads the addon in a process of its own, which may die of it, and returns TensorFlow's version. */
async function load(addon: string, options: BuildOptions): Promise<string> {
  const program = "process.stdout.write(require(process.argv[1]).TF_Version)";
  const { status, signal, stdout, output } = await runCommand(process.execPath, ["-e", program, addon], {
    environment: {
      ...(options.environment ?? process.env),
      CUDA_VISIBLE_DEVICES: "-1",
      TF_CPP_MIN_LOG_LEVEL: "2",
      NODE_OPTIONS: "",
    },
    signal: options.signal,
  });
  if (status === 0 && stdout) return stdout;
  throw new SetupError(
    `TensorFlow does not load (${signal ?? `exit status ${status}`})${output ? `:\n${lastLines(output)}` : ""}`,
    signal === "SIGILL"
      ? "TensorFlow's wheels need a processor with AVX: build TensorFlow for this one and run `gradamp setup --tensorflow PATH`"
      : "The message above names what is missing on this machine; TensorFlow's wheels need glibc 2.27 or later",
  );
}
