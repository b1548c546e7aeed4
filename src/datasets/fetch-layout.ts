import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { cifarFiles, type CifarLayout } from "./cifar-layout";
import { downloadFile, type DownloadOptions, type DownloadProgress } from "./download-file";
import { unpackFiles } from "./unpack-files";
import { verifyLayout } from "./verify-layout";

/** What {@link downloadDataset} may be told. */
export interface DownloadDatasetOptions extends Omit<DownloadOptions, "md5" | "onProgress"> {
  /** The data folder. Default `GRADAMP_DATA`, else `data/` in the per-user cache. */
  dir?: string;
  /** Where the archive lies, for mirrors. Default the authors' own address. */
  url?: string;
  /** Called as the archive arrives, and once when it is unpacked. */
  onProgress?: (progress: DownloadProgress & { readonly phase: "download" | "unpack" }) => void;
}

/** Downloads and unpacks a set into a data folder, unless all of it is there already. */
export async function fetchLayout(
  layout: CifarLayout,
  dataFolder: string,
  options: DownloadDatasetOptions = {},
): Promise<{ path: string; downloaded: boolean }> {
  const path = join(dataFolder, layout.folder);
  await mkdir(dataFolder, { recursive: true });
  // A second process waits for the first and then finds the set there.
  const release = await lock(dataFolder, {
    lockfilePath: join(dataFolder, `.${layout.name}.lock`),
    stale: 20_000,
    retries: { retries: 7200, factor: 1, minTimeout: 500, maxTimeout: 500 },
  });
  try {
    if ((await verifyLayout(layout, dataFolder)).every(({ ok }) => ok)) return { path, downloaded: false };
    const archive = join(dataFolder, layout.archive.name);
    const { onProgress } = options;
    let total = 0;
    await downloadFile(options.url ?? layout.url, archive, {
      ...options,
      md5: layout.archive.md5,
      onProgress: (progress) => {
        total = progress.total ?? progress.done;
        onProgress?.({ ...progress, phase: "download" });
      },
    });
    onProgress?.({ phase: "unpack", done: total, total });
    const staging = join(dataFolder, `.${layout.folder}.unpacking`);
    await rm(staging, { recursive: true, force: true });
    try {
      await unpackFiles(archive, layout.folder, cifarFiles(layout), staging);
      await mkdir(path, { recursive: true });
      for (const { name } of cifarFiles(layout)) await rename(join(staging, name), join(path, name));
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
    await rm(archive, { force: true });
    return { path, downloaded: true };
  } finally {
    await release();
  }
}
