import { rename, rm, stat, statfs, symlink, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../files/make-folder";
import { downloadWheel } from "./download-wheel";
import type { Pip } from "./find-pip";
import { isComplete, type Installation, type Manifest } from "./installation";
import { HEADERS, libraryFiles } from "./library-files";
import type { SetupProgress } from "./progress";
import { downloadSize, type Release, type Wheel, wheelsOf } from "./release";
import { SetupError } from "./setup-error";
import { type UnpackedFile, type UnpackOptions, unpackWheel } from "./unpack-wheel";

export interface InstallOptions {
  readonly pip: Pip;
  readonly cache: string;
  /** A folder of this set-up's own, on the cache's disk. */
  readonly staging: string;
  readonly environment?: NodeJS.ProcessEnv | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SetupProgress) => void) | undefined;
}

/**
 * Fetches a release's wheels and unpacks of them what is needed, in a staging folder that gets its final name, by one
 * rename, when it is complete.
 */
export async function installRelease(
  release: Release,
  installation: Installation,
  options: InstallOptions,
): Promise<void> {
  const downloads = join(options.cache, "downloads");
  await checkSpace(release, options.cache, downloads);
  const wheels = await download(release, downloads, options);
  const unpacked = join(options.staging, "unpacked");
  makeFolder(unpacked);
  const files = await unpack(release, wheels, unpacked, options);
  if (release.nvidia.length > 0) files.push(await mendCusolver(unpacked));

  const manifest: Manifest = {
    tensorflow: release.version,
    wheels: wheelsOf(release).map(({ file, sha256 }) => ({ file, sha256 })),
    files,
  };
  await writeFile(join(unpacked, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
  if (isComplete(installation.directory)) return;
  await rm(installation.directory, { recursive: true, force: true });
  await rename(unpacked, installation.directory);
  for (const wheel of wheels) await rm(wheel, { force: true });
}

async function checkSpace(release: Release, cache: string, downloads: string): Promise<void> {
  const { bavail, bsize } = await statfs(cache);
  const needed = wheelsOf(release)
    .map(({ file, size, unpacked }) => (existsSync(join(downloads, file)) ? 0 : size) + unpacked)
    .reduce((total, bytes) => total + bytes, 0);
  if (bavail * bsize >= needed) return;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new SetupError(
    `Setting TensorFlow up takes ${gigabytes(needed)} in ${cache} but only ${gigabytes(bavail * bsize)} are free`,
    "Free some space, or put the cache elsewhere by GRADAMP_CACHE",
  );
}

async function download(release: Release, downloads: string, options: InstallOptions): Promise<string[]> {
  const totalBytes = downloadSize(release);
  const paths: string[] = [];
  let before = 0;
  for (const wheel of wheelsOf(release)) {
    const report = (bytes: number) =>
      options.onProgress?.({ phase: "download", detail: name(wheel), bytes: before + bytes, totalBytes });
    report(0);
    paths.push(
      await downloadWheel(wheel, {
        pip: options.pip,
        downloads,
        staging: options.staging,
        environment: options.environment,
        signal: options.signal,
        onBytes: report,
        onDamaged: (path) =>
          options.onProgress?.({ phase: "clean", detail: `${path}, which is damaged: it is fetched again`, bytes: null, totalBytes: null }), // prettier-ignore
      }),
    );
    before += wheel.size;
  }
  options.onProgress?.({ phase: "download", detail: "done", bytes: totalBytes, totalBytes });
  return paths;
}

const name = (wheel: Wheel) => wheel.requirement.replace("==", " ");

async function unpack(
  release: Release,
  paths: readonly string[],
  folder: string,
  options: InstallOptions,
): Promise<UnpackedFile[]> {
  const { main, framework } = libraryFiles(release.platform);
  const required = [main, framework, ...HEADERS.map((header) => `include/${header}`)].map(
    (file) => `tensorflow/${file}`,
  );
  const wanted = new Set(required);
  const totalBytes = wheelsOf(release).reduce((total, wheel) => total + wheel.unpacked, 0);
  const files: UnpackedFile[] = [];
  let before = 0;
  for (const [index, path] of paths.entries()) {
    const wheel = wheelsOf(release)[index] as Wheel;
    const found = await unpackChecked(path, folder, {
      wanted: index === 0 ? (file) => wanted.has(file) : isCudaFile,
      executable: (file) => file.startsWith("nvidia/cuda_nvcc/bin/"),
      signal: options.signal,
      onBytes: (bytes) =>
        options.onProgress?.({ phase: "unpack", detail: name(wheel), bytes: before + bytes, totalBytes }),
    });
    files.push(...found);
    before += wheel.unpacked;
  }
  const missing = required.filter((file) => !files.some(({ path }) => path === file));
  if (missing.length > 0)
    throw new SetupError(
      `Expected ${missing[0]} in ${release.tensorflow.file} but it is not there`,
      "This release of gradamp and that wheel do not fit: report it with this message",
    );
  return files;
}

/** Unpacks a wheel; one that turns out to be damaged does not stay to fail the next set-up. */
async function unpackChecked(path: string, folder: string, options: UnpackOptions): Promise<UnpackedFile[]> {
  try {
    return await unpackWheel(path, folder, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    // A disk that is full is not the wheel's fault.
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    await rm(path, { force: true });
    if (error instanceof SetupError) throw error;
    throw new SetupError(
      `Expected to unpack ${path} but found it damaged: ${(error as Error).message}`,
      "Run `gradamp setup` again, which fetches it anew",
      { cause: error },
    );
  }
}

/** Of NVIDIA's wheels: the libraries, and of nvcc's what XLA calls. */
const isCudaFile = (file: string) =>
  /^nvidia\/[^/]+\/lib\/[^/]+\.so[^/]*$/.test(file) || /^nvidia\/cuda_nvcc\/(bin|nvvm)\//.test(file);

/**
 * TensorFlow 2.21's RUNPATH lacks nvidia/cusolver/lib, so that its own check of the CUDA libraries fails however they
 * are installed (tensorflow#117538). cublas's folder is on it.
 */
async function mendCusolver(folder: string): Promise<UnpackedFile> {
  const library = "libcusolver.so.11";
  const path = join("nvidia", "cublas", "lib", library);
  await symlink(join("..", "..", "cusolver", "lib", library), join(folder, path));
  return { path, size: (await stat(join(folder, path))).size };
}
