import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import * as yauzl from "yauzl";
import { cacheFolder } from "../files/cache-folder";

const version = "0.2.1";
/** Of the wheel for linux x86-64, as computed from the file that was tried; other platforms' are not pinned. */
const sha256 = "aa21cf1bf1c78f8fa50a9f7d45e1003c387bd3d6fe0a767cfbbf344b95bdc3a8";

const target = () => join(cacheFolder(), `kaleido-${version}-${process.platform}-${process.arch}`);

/** The folder of an installed kaleido, or null. */
export function kaleidoFolder(): string | null {
  const folder = join(target(), "kaleido", "executable");
  return existsSync(join(folder, "kaleido")) ? folder : null;
}

async function unpack(wheel: string, folder: string): Promise<void> {
  const archive = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(wheel, { lazyEntries: true });
  const open = promisify<yauzl.Entry, NodeJS.ReadableStream>(archive.openReadStream.bind(archive));
  await new Promise<void>((done, fail) => {
    archive.on("error", fail);
    archive.on("end", done);
    archive.on("entry", (entry: yauzl.Entry) => {
      const path = resolve(folder, entry.fileName);
      if (!path.startsWith(resolve(folder) + sep))
        return fail(new Error(`Refusing to write outside ${folder}: ${path}`));
      if (entry.fileName.endsWith("/")) return archive.readEntry();
      mkdir(dirname(path), { recursive: true })
        .then(() => open(entry))
        .then((stream) => pipeline(stream, createWriteStream(path)))
        .then(() => archive.readEntry(), fail);
    });
    archive.readEntry();
  });
}

async function digest(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/**
 * Fetches the wheel kaleido==0.2.1 (80 MB: Plotly's exporter with a browser of its own) through pip, whose
 * configuration knows the mirror and the proxy, and unpacks it into the per-user cache. Nothing is installed into
 * Python.
 *
 * @returns The folder with the executable.
 * @throws Error where pip fails or the wheel is not the one that is expected.
 */
export async function installKaleido(onProgress: (message: string) => void = () => undefined): Promise<string> {
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(join(cacheFolder(), "kaleido-"));
  try {
    onProgress(`Fetching kaleido ${version} (80 MB, once)`);
    const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", work];
    await promisify(execFile)("python3", [...pip, `kaleido==${version}`]).catch(
      (error: Error & { stderr?: string }) => {
        const reason = (error.stderr || error.message).trim().split("\n").at(-1);
        throw new Error(`python3 -m pip download kaleido==${version} failed: ${reason}`);
      },
    );
    const wheel = (await readdir(work)).find((file) => file.endsWith(".whl"));
    if (!wheel) throw new Error(`pip left no wheel of kaleido ${version} in ${work}`);
    if (wheel.includes("x86_64") && wheel.includes("linux")) {
      const found = await digest(join(work, wheel));
      if (found !== sha256) throw new Error(`Expected ${wheel} to have SHA-256 ${sha256} but found ${found}`);
    }
    onProgress("Unpacking kaleido");
    const unpacked = join(work, "unpacked");
    await unpack(join(work, wheel), unpacked);
    const executable = join(unpacked, "kaleido", "executable");
    await chmod(join(executable, "kaleido"), 0o755);
    await chmod(join(executable, "bin", "kaleido"), 0o755);
    // Whoever comes second finds the folder taken by the same files.
    await rename(unpacked, target()).catch((error: NodeJS.ErrnoException) => {
      if (!kaleidoFolder()) throw error;
    });
    return join(target(), "kaleido", "executable");
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
