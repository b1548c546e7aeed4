import type * as typescript from "typescript";
import { loadWithCodeCache } from "./code-cache";

/** The TypeScript that cells are compiled with: the one that gradamp itself is written in. */
export type TypeScript = typeof typescript;

/** TypeScript, loaded with what V8 made of it in an earlier process; `keep` keeps what it has made of it by now. */
export function loadTypeScript(): { ts: TypeScript; keep: () => void } {
  const { version } = require("typescript/package.json") as { version: string };
  const loaded = loadWithCodeCache(require.resolve("typescript"), `typescript-${version}`);
  return { ts: loaded.exports as TypeScript, keep: () => loaded.keep() };
}
