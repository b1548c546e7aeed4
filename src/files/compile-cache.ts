import * as nodeModule from "node:module";
import { join } from "node:path";
import { cacheFolder } from "./cache-folder";

/*
 * Loaded before what is to be cached. Node 22.1 and later keep the compiled code of the modules that a program loads;
 * `NODE_COMPILE_CACHE` and `NODE_DISABLE_COMPILE_CACHE` rule as ever. A folder that cannot be written is no error: it is
 * then compiled anew.
 */
const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder?: string) => unknown };
if (process.env["NODE_COMPILE_CACHE"] === undefined) enableCompileCache?.(join(cacheFolder(), "compiled"));
