import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { cacheFolder } from "../../files/cache-folder";
import { makeFolder } from "../../files/make-folder";
import { withLock } from "../../files/with-lock";
import { addonKey, addonSources } from "./addon-sources";
import { buildAddon } from "./build-addon";
import { cachedTensorFlow } from "./cached-tensorflow";
import { ADDON } from "./compile-addon";
import { externalTensorFlow } from "./external-tensorflow";
import { findCompiler } from "./find-compiler";
import { findPip } from "./find-pip";
import { installRelease } from "./install-release";
import { type AddonRecord, isComplete, readAddonRecord } from "./installation";
import { addonLink, isLinked, linkAddon } from "./link-addon";
import { currentPlatform } from "./platform";
import type { SetupProgress } from "./progress";
import { type Release, releaseFor } from "./release";
import { readSelection, type Selection, writeSelection } from "./selection";
import { SetupError } from "./setup-error";
import { makeStaging, removeStaleStaging } from "./staging";

export interface SetupOptions {
  /** Which TensorFlow; null: the one chosen last in this cache, at first the CPU's. */
  readonly selection?: Selection | null;
  /** gradamp's cache; `cacheFolder()`. */
  readonly cache?: string;
  /** The link that tfjs-node-gpu loads; the one in its package. */
  readonly link?: string;
  /** Environment of pip and the compiler; this process's. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Stops the set-up and takes its working folder away. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SetupProgress) => void;
  /** Milliseconds after which the lock of a killed set-up lapses; 10 000. */
  readonly lockStale?: number;
  /** What to install instead of the pinned wheels (tests). */
  readonly release?: Release;
}

export interface SetupResult extends AddonRecord {
  /** The addon's path in the cache. */
  readonly addon: string;
  /** Whether anything had to be fetched or built; false: it was all there. */
  readonly changed: boolean;
}

/**
 * Makes native TensorFlow available to tfjs: fetches it, builds tfjs-node's addon against it, links that into
 * node_modules. Does nothing where all is there (well under two seconds: sizes are compared, nothing is hashed).
 *
 * Two set-ups at once take turns; one that is killed leaves nothing that a later one trusts.
 *
 * @throws {SetupError} if it cannot be done; the message gives the remedy
 */
export async function setUpTensorFlow(options: SetupOptions = {}): Promise<SetupResult> {
  const cache = resolve(options.cache ?? cacheFolder());
  const selection = options.selection ?? readSelection(cache);
  const plan = planSetup(selection, cache, options.release);
  const link = options.link ?? addonLink();

  const ready = readyRecord(plan);
  const record = ready ?? (await makeRecord(plan, cache, options));
  const addon = join(plan.folder, ADDON);
  if (!isLinked(addon, link)) {
    report(options, "link", link);
    linkAddon(addon, link);
  }
  writeSelection(cache, selection);
  return { ...record, addon, changed: ready === null };
}

/** Milliseconds for which another set-up is waited for: a slow connection takes hours for the GPU's 2.9 GB. */
const WAIT = 6 * 3_600_000;

type Plan = ReturnType<typeof planSetup>;

function planSetup(selection: Selection, cache: string, given: Release | undefined) {
  const external = "tensorflow" in selection;
  if (external && process.platform === "win32") currentPlatform();
  const release = external ? null : (given ?? releaseFor(currentPlatform(), selection.variant));
  const installation = external
    ? externalTensorFlow(selection.tensorflow, cache)
    : cachedTensorFlow(release as Release, cache);
  const sources = addonSources();
  return { release, installation, sources, folder: join(installation.directory, addonKey(sources, installation)) };
}

/** The record of a finished set-up; null where something is still to do. */
function readyRecord({ release, installation, folder }: Plan): AddonRecord | null {
  if (release && !isComplete(installation.directory)) return null;
  return existsSync(join(folder, ADDON)) ? readAddonRecord(folder) : null;
}

async function makeRecord(plan: Plan, cache: string, options: SetupOptions): Promise<AddonRecord> {
  makeCache(cache);
  const { signal, lockStale: stale } = options;
  const onWait = () => report(options, "wait", "another set-up to finish (the lock of a killed one lapses in 10 s)");
  return withLock(cache, { name: "setup.lock", signal, stale, onWait, patience: WAIT }, async () => {
    return readyRecord(plan) ?? (await build(plan, cache, options));
  });
}

async function build(plan: Plan, cache: string, options: SetupOptions): Promise<AddonRecord> {
  const { release, installation, sources, folder } = plan;
  const { environment, signal, onProgress } = options;
  // Before a quarter of a gigabyte is fetched in vain.
  const compiler = await findCompiler(environment);
  const stale = await removeStaleStaging(cache);
  if (stale > 0) report(options, "clean", `${stale} folder${stale > 1 ? "s" : ""} that killed set-ups left`);
  const staging = await makeStaging(cache);
  const common = { cache, staging, environment, signal, onProgress };
  try {
    if (release && !isComplete(installation.directory))
      await installRelease(release, installation, { ...common, pip: await findPip(environment) });
    return await buildAddon({ ...common, compiler, sources, installation, folder });
  } finally {
    await rm(staging, { recursive: true, force: true, maxRetries: 3 });
  }
}

function report(options: SetupOptions, phase: SetupProgress["phase"], detail: string): void {
  options.onProgress?.({ phase, detail, bytes: null, totalBytes: null });
}

function makeCache(cache: string): void {
  try {
    makeFolder(cache);
  } catch (error) {
    throw new SetupError(
      `The cache ${cache} cannot be made: ${(error as Error).message}`,
      "Put it where this user may write, by GRADAMP_CACHE",
      { cause: error },
    );
  }
}
