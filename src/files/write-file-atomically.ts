import { basename, dirname } from "node:path";
import { AtomicFile } from "./atomic-file";

/**
 * Writes a file so that its name appears only when all of it is on the disk: written to a temporary name in the same
 * folder, synchronised, renamed. A full disk or a kill leaves the former state.
 *
 * @throws {Error} if it cannot be written; the message says what to do
 */
export function writeFileAtomically(path: string, content: Uint8Array | string): void {
  const file = new AtomicFile(dirname(path));
  file.write(typeof content === "string" ? Buffer.from(content) : content);
  file.commit(basename(path));
}
