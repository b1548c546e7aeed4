import type { ChildProcess } from "node:child_process";
import type { Duplex } from "node:stream";

interface Refable {
  ref?: () => void;
  unref?: () => void;
}

/**
 * Makes a child process hold Node's event loop only while something waits for it, so that a program which drew a
 * picture ends by itself; the child sees its pipes close then and ends too.
 *
 * @returns A function that runs work with the process held.
 */
export function heldOnlyWhileBusy(child: ChildProcess): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const handles: Refable[] = [child, ...(child.stdio.filter(Boolean) as unknown as (Duplex & Refable)[])];
  let busy = 0;
  for (const handle of handles) handle.unref?.();
  return async (work) => {
    if (busy++ === 0) for (const handle of handles) handle.ref?.();
    try {
      return await work();
    } finally {
      if (--busy === 0) for (const handle of handles) handle.unref?.();
    }
  };
}
