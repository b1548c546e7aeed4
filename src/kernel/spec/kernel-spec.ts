import { join } from "node:path";
import { packageRoot } from "../../files/package-root";
import { kernelCommand } from "../kernel-command";

/** The name under which Jupyter knows the kernel, and which notebooks carry. */
export const kernelName = "gradamp";

/** What `kernel.json` says. */
export interface KernelSpec {
  argv: readonly string[];
  display_name: string;
  language: string;
  interrupt_mode: "message" | "signal";
  metadata: { debugger: boolean; gradamp?: { version: string; folder: string } };
}

/** The kernelspec of this copy of gradamp. */
export function kernelSpec(): KernelSpec {
  const folder = packageRoot();
  const { version } = require(join(folder, "package.json")) as { version: string };
  return {
    argv: kernelCommand(),
    display_name: "TypeScript (gradamp)",
    language: "typescript",
    // Jupyters from before messages send a signal, which is understood as well.
    interrupt_mode: "message",
    metadata: { debugger: true, gradamp: { version, folder } },
  };
}
