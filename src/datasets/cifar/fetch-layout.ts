import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../files/make-folder";
import { withLock } from "../../files/with-lock";
import { cifarFiles, type CifarLayout } from "./cifar-layout";
import { downloadFile, type DownloadOptions, type DownloadProgress } from "./download-file";
import { unpackFiles } from "./unpack-files";
import { verifyLayout } from "./verify-layout";

/** What {@link downloadDataset} may be told. */
export interface DownloadDatasetOptions extends Omit<DownloadOptions, "md5" | "onProgress"> {
  /** The data folder. Default: `GRADAMP_DATA`, else `data/` in the per-user cache. */
  dir?: string;
  /** Where the archive lies, for mirrors. Default: the authors' own address. */
  url?: string;
  /** Called as the archive arrives, and once when it is unpacked. */
  onProgress?: (progress: DownloadProgress & { readonly phase: "download" | "unpack" }) => void;
}

/** Milliseconds for which another process's download is waited for. */
const WAIT = 3_600_000;

/** Downloads and unpacks a set into a data folder, unless all of it is there already. */
export async function fetchLayout(
  layout: CifarLayout,
  dataFolder: string,
  options: DownloadDatasetOptions = {},
): Promise<{ path: string; downloaded: boolean }> {
  const path = join(dataFolder, layout.folder);
  // What is there needs no lock, and a folder that is there for all may be read-only.
  if ((await verifyLayout(layout, dataFolder)).every(({ ok }) => ok)) return { path, downloaded: false };
  makeFolder(dataFolder);
  // A second process waits for the first and then finds the set there.
  const lock = {
    name: `.${layout.name}.lock`,
    stale: 20_000,
    patience: WAIT,
    signal: options.signal,
    onWait: () => options.onNote?.(`Another process downloads ${layout.name} to ${dataFolder}: waiting for it`),
  };
  return withLock(dataFolder, lock, async () => {
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
      makeFolder(path);
      for (const { name } of cifarFiles(layout)) await rename(join(staging, name), join(path, name));
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
    await rm(archive, { force: true });
    return { path, downloaded: true };
  });
}
