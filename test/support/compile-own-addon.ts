import { dirname, join } from "node:path";
import { realpathSync } from "node:fs";
import { addonLink, readAddonRecord } from "../../src/tensorflow/setup";
import { addonSources } from "../../src/tensorflow/setup/addon-sources";
import { ADDON, compileAddon } from "../../src/tensorflow/setup/compile-addon";
import { realHeaders } from "./fake-release";

/**
 * Builds the addon once more, against the TensorFlow in use, as set-up does but with other flags of g++.
 *
 * @param target folder to build into
 * @param flags come after set-up's and outdo them
 * @returns the addon's file
 * @throws {SetupError} with what the compiler says
 */
export async function compileOwnAddon(target: string, flags: readonly string[]): Promise<string> {
  const record = readAddonRecord(dirname(realpathSync(addonLink())))!;
  const installation = {
    ...{ directory: target, version: record.tensorflow, include: realHeaders()!, nvidia: record.nvidia },
    ...{ mainLibrary: record.mainLibrary, frameworkLibrary: record.frameworkLibrary },
    // Libraries by their absolute addresses, wherever the target is.
    kind: "external" as const,
  };
  await compileAddon({ compiler: ["g++"], sources: addonSources(), installation, target, flags });
  return join(target, ADDON);
}
