import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { cacheFolder } from "../../files/cache-folder";
import { writeFileAtomically } from "../../files/write-file-atomically";

/** A module that was loaded with what V8 made of it before. */
export interface CachedModule {
  exports: unknown;
  /** Keeps what V8 has made of it by now, where that was not done before. */
  keep(): void;
}

/**
 * Loads a large CommonJS module with the code that V8 compiled in an earlier process, from the per-user cache: TypeScript,
 * 10 MB of it, then takes half the time to load, and functions that starting needs are compiled already.
 *
 * @param file the module's main file; `require` knows it from then on
 * @param name tells this version of it from others
 */
export function loadWithCodeCache(file: string, name: string): CachedModule {
  // The code knows its file's path, for stack traces.
  const hash = createHash("sha256").update(file).digest("hex").slice(0, 8);
  // V8 refuses code of another version or of other flags by itself.
  const kept = join(cacheFolder(), "kernel", `${name}-${hash}-node-${process.version}-${process.arch}.code`);
  let cachedData: Buffer | undefined;
  try {
    cachedData = readFileSync(kept);
  } catch {
    // The first time.
  }
  const script = new Script(Module.wrap(readFileSync(file, "utf8")), {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  });
  const module = new Module(file);
  module.filename = file;
  require.cache[file] = module;
  const run = script.runInThisContext() as (...values: unknown[]) => void;
  run.call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
  module.loaded = true;
  return {
    exports: module.exports,
    keep: () => {
      if (cachedData && script.cachedDataRejected !== true) return;
      try {
        writeFileAtomically(kept, script.createCachedData());
      } catch {
        // A cache that cannot be written is none.
      }
    },
  };
}
