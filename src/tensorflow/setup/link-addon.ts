import { lstatSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../../files/make-folder";
import { SetupError } from "./setup-error";

/** Where @tensorflow/tfjs-node-gpu looks for its addon: its Node-API version is 8 in every Node of today. */
export function addonLink(): string {
  return join(
    dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json")),
    "lib",
    "napi-v8",
    "tfjs_binding.node",
  );
}

/** Whether the package's link already leads to an addon. */
export function isLinked(addon: string, link = addonLink()): boolean {
  try {
    return readlinkSync(link) === addon;
  } catch {
    return false;
  }
}

/**
 * Makes the package's addon a link to the one in the cache. Node resolves it before it loads the addon, so the addon
 * finds TensorFlow beside itself in the cache.
 *
 * @throws {SetupError} if node_modules cannot be written
 */
export function linkAddon(addon: string, link = addonLink()): void {
  const temporary = `${link}.${process.pid}`;
  try {
    makeFolder(dirname(link));
    rmSync(temporary, { force: true });
    symlinkSync(addon, temporary);
    // A folder there would be upstream's half-done install.
    if (lstatSync(link, { throwIfNoEntry: false })?.isDirectory()) rmSync(link, { recursive: true });
    renameSync(temporary, link);
  } catch (error) {
    throw new SetupError(
      `The link ${link} to the addon could not be made: ${(error as Error).message}`,
      "Make node_modules writable for this user and run `gradamp setup` again",
      { cause: error },
    );
  }
}
