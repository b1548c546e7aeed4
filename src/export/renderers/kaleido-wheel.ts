import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../files/cache-folder";
import { makeFolder } from "../../files/make-folder";
import { downloadWheel } from "../../tensorflow/setup/download-wheel";
import { findPip } from "../../tensorflow/setup/find-pip";
import { currentPlatform, type Platform } from "../../tensorflow/setup/platform";
import type { Wheel } from "../../tensorflow/setup/release";
import { makeStaging } from "../../tensorflow/setup/staging";
import { unpackWheel } from "../../tensorflow/setup/unpack-wheel";

const requirement = "kaleido==0.2.1";

const wheel = (platformTag: string, size: number, unpacked: number, sha256: string): Wheel => ({
  requirement,
  platformTag,
  file: `kaleido-0.2.1-py2.py3-none-${platformTag}.whl`,
  size,
  unpacked,
  sha256,
});

/** Sizes and hashes as computed from the files; only linux-x64 has been run. */
const wheels: Record<Platform, Wheel> = {
  "linux-x64": wheel(
    "manylinux1_x86_64",
    79_902_476,
    229_243_388,
    "aa21cf1bf1c78f8fa50a9f7d45e1003c387bd3d6fe0a767cfbbf344b95bdc3a8",
  ),
  "linux-arm64": wheel(
    "manylinux2014_aarch64",
    83_711_746,
    246_410_239,
    "845819844c8082c9469d9c17e42621fbf85c2b237ef8a86ec8a8527f98b6512a",
  ),
  "darwin-arm64": wheel(
    "macosx_11_0_arm64",
    85_808_197,
    265_743_667,
    "bb9a5d1f710357d5d432ee240ef6658a6d124c3e610935817b4b42da9c787c05",
  ),
};

const target = () => join(cacheFolder(), `kaleido-0.2.1-${process.platform}-${process.arch}`);

/** The folder of an installed kaleido, or null. */
export function kaleidoFolder(): string | null {
  const folder = join(target(), "kaleido", "executable");
  return existsSync(join(folder, "kaleido")) ? folder : null;
}

/**
 * Fetches the wheel kaleido==0.2.1 (80 MB: Plotly's exporter with a browser of its own) through pip, whose
 * configuration knows the mirror and the proxy, and unpacks it into the per-user cache. Nothing is installed into
 * Python.
 *
 * @returns The folder with the executable.
 * @throws {SetupError} if pip fails or the wheel is not the one that is expected
 */
export async function installKaleido(onProgress: (message: string) => void = () => undefined): Promise<string> {
  const chosen = wheels[currentPlatform()];
  makeFolder(cacheFolder());
  const staging = await makeStaging(cacheFolder());
  try {
    onProgress(`Fetching ${requirement} (${Math.round(chosen.size / 1e6)} MB, once)`);
    const file = await downloadWheel(chosen, { pip: await findPip(), downloads: join(staging, "downloads"), staging });
    onProgress(`Unpacking ${requirement}`);
    const unpacked = join(staging, "unpacked");
    await unpackWheel(file, unpacked, {
      wanted: (name) => name.startsWith("kaleido/executable/"),
      executable: (name) => /\/kaleido$|\/bin\/|\/lib\//.test(name),
    });
    // Whoever comes second finds the folder taken by the same files.
    await rename(unpacked, target()).catch((error: NodeJS.ErrnoException) => {
      if (!kaleidoFolder()) throw error;
    });
    return join(target(), "kaleido", "executable");
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
