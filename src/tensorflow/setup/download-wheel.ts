import { readdir, rename, rm, stat } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../files/make-folder";
import type { Pip } from "./find-pip";
import type { Wheel } from "./release";
import { lastLines, runCommand } from "./run-command";
import { SetupError } from "./setup-error";
import { sha256File } from "./sha256-file";

export interface DownloadOptions {
  readonly pip: Pip;
  /** Where checked wheels lie until set-up is complete; one that is there already is not fetched again. */
  readonly downloads: string;
  /** A folder of this set-up's own, for pip to work in. */
  readonly staging: string;
  readonly environment?: NodeJS.ProcessEnv | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the path of a wheel that is there but not as it was fetched, before it is fetched again. */
  readonly onDamaged?: ((path: string) => void) | undefined;
  /** Called some times a second with the bytes that have arrived. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * Fetches a wheel through pip, so that the user's own index, proxy, certificates and mirrors hold, and checks it against
 * its pinned SHA-256.
 *
 * pip resumes a broken connection by itself (pip ≥ 25.1). A wheel that arrived whole stays until set-up is complete.
 *
 * @returns the path of the wheel
 * @throws {SetupError} if pip cannot get it, or gets another file than the pinned one
 */
export async function downloadWheel(wheel: Wheel, options: DownloadOptions): Promise<string> {
  const kept = join(options.downloads, wheel.file);
  if (existsSync(kept)) {
    // Only a checked wheel is ever renamed to this name; what the disk made of it since is another matter.
    if ((await hasSize(kept, wheel.size)) && (await sha256File(kept)) === wheel.sha256) return kept;
    options.onDamaged?.(kept);
    await rm(kept, { force: true });
  }

  const temporary = join(options.staging, "tmp");
  const destination = join(options.staging, "wheel");
  for (const folder of [temporary, destination, options.downloads]) makeFolder(folder);
  const timer = setInterval(() => {
    void largestFile(options.staging).then((bytes) => options.onBytes?.(Math.min(bytes, wheel.size)));
  }, 200);
  try {
    await fetch(wheel, destination, temporary, options);
  } finally {
    clearInterval(timer);
  }

  const arrived = join(destination, wheel.file);
  const found = await sha256File(arrived);
  if (found !== wheel.sha256) {
    await rm(arrived, { force: true });
    throw new SetupError(
      `Expected SHA-256 ${wheel.sha256} of ${wheel.file} but found ${found}`,
      "The package index, or a proxy before it, handed out another file: try again, or from another index (`pip config set global.index-url …`)",
    );
  }
  await rename(arrived, kept);
  await rm(temporary, { recursive: true, force: true });
  options.onBytes?.(wheel.size);
  return kept;
}

async function fetch(wheel: Wheel, destination: string, temporary: string, options: DownloadOptions): Promise<void> {
  const [command, ...words] = options.pip;
  const { status, output } = await runCommand(
    command,
    [
      ...words,
      ...["download", "--no-deps", "--only-binary=:all:", "--python-version", "3.11", "--implementation", "cp"],
      // Without its cache pip does not keep a second copy of a quarter of a gigabyte.
      ...["--platform", wheel.platformTag, "--no-cache-dir", "--progress-bar", "off", "--no-input"],
      ...["--disable-pip-version-check", "--dest", destination, wheel.requirement],
    ],
    {
      environment: { ...(options.environment ?? process.env), TMPDIR: temporary, PIP_REQUIRE_VIRTUALENV: "false" },
      signal: options.signal,
    },
  );
  if (status === 0 && (await readdir(destination)).includes(wheel.file)) return;
  throw new SetupError(
    status === 0
      ? `Expected pip to bring ${wheel.file} but found ${(await readdir(destination)).join(", ") || "nothing"}`
      : `pip could not fetch ${wheel.requirement}:\n${lastLines(output)}`,
    /No space left/.test(output)
      ? "Free some space, or put the cache elsewhere by GRADAMP_CACHE"
      : "Check the connection to the package index (behind a proxy set HTTPS_PROXY; a mirror: `pip config set global.index-url …`; pip older than 20.3: `python3 -m pip install --upgrade pip`), or point `gradamp setup --tensorflow PATH` at a libtensorflow that is already there",
  );
}

async function hasSize(path: string, size: number): Promise<boolean> {
  try {
    return (await stat(path)).size === size;
  } catch {
    return false;
  }
}

/** Size of the largest file below a folder: while pip runs, the wheel that is growing. */
async function largestFile(folder: string): Promise<number> {
  let largest = 0;
  // Files come and go under pip's hands.
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries)
    if (entry.isFile())
      largest = Math.max(largest, (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size);
  return largest;
}
