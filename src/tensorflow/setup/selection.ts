import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../files/make-folder";
import type { Variant } from "./release";

/** Which TensorFlow a user chose: so that `npm ci`, which wipes the link, and `npm test` do not turn a GPU back to a CPU. */
export type Selection = { readonly variant: Variant } | { readonly tensorflow: string };

const file = (cache: string) => join(cache, "selected.json");

/** The choice of the last set-up in this cache; the CPU where there was none. */
export function readSelection(cache: string): Selection {
  try {
    const found = JSON.parse(readFileSync(file(cache), "utf8")) as Record<string, unknown>;
    if (typeof found["tensorflow"] === "string") return { tensorflow: found["tensorflow"] };
    if (found["variant"] === "gpu") return { variant: "gpu" };
  } catch {
    // None yet.
  }
  return { variant: "cpu" };
}

/** Remembers a choice. */
export function writeSelection(cache: string, selection: Selection): void {
  if (JSON.stringify(readSelection(cache)) === JSON.stringify(selection)) return;
  makeFolder(cache);
  const temporary = `${file(cache)}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(selection)}\n`);
  renameSync(temporary, file(cache));
}
