import { SetupError } from "./setup-error";

/** Platforms that TensorFlow's wheels serve. linux-x64 is tested; the other two are written from the wheels, not run. */
export const PLATFORMS = ["linux-x64", "linux-arm64", "darwin-arm64"] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Whether set-up on the platform has been run by gradamp's tests, or was only written from what the wheels hold. */
export const isTestedPlatform = (platform: Platform): boolean => platform === "linux-x64";

interface Host {
  readonly platform: string;
  readonly arch: string;
  /** "2.36"; null where the C library is not glibc. */
  readonly glibc: string | null;
}

function thisHost(): Host {
  const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return { platform: process.platform, arch: process.arch, glibc: report.header.glibcVersionRuntime ?? null };
}

/**
 * The platform of this machine.
 *
 * @throws {SetupError} if no wheel of TensorFlow runs, with what to do there
 */
export function currentPlatform(host: Host = thisHost()): Platform {
  const name = `${host.platform}-${host.arch}`;
  if (host.platform === "win32")
    throw new SetupError(
      "Native TensorFlow is not available to Node on Windows itself",
      "Install WSL 2 (`wsl --install` in an administrator's PowerShell) and set gradamp up inside it",
    );
  if (name === "darwin-x64")
    throw new SetupError(
      "TensorFlow 2.21 has no wheel for Macs with an Intel processor",
      "Use gradamp on Linux, in a container for example, or go on with the JavaScript backend",
    );
  if (!(PLATFORMS as readonly string[]).includes(name))
    throw new SetupError(
      `TensorFlow 2.21 has no wheel for ${name}`,
      "Build TensorFlow for this machine and run `gradamp setup --tensorflow PATH`",
    );
  if (host.platform === "linux" && host.glibc === null)
    throw new SetupError(
      "TensorFlow's wheels need the GNU C library but this Linux uses another (Alpine's musl?)",
      "Use an image with glibc, for example node:22-bookworm instead of node:22-alpine",
    );
  return name as Platform;
}
