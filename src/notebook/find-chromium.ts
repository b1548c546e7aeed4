import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a Chromium or Chrome: CHROMIUM_PATH, else the first on PATH; null where there is none. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | null {
  const named = environment.CHROMIUM_PATH;
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`Expected CHROMIUM_PATH to name a program but found ${named}; correct it or unset it`);
  }
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  if (process.platform === "darwin")
    folders.push("/Applications/Google Chrome.app/Contents/MacOS", "/Applications/Chromium.app/Contents/MacOS");
  const candidates = [...names, "Google Chrome", "Chromium"];
  for (const folder of folders)
    for (const name of candidates) {
      const path = join(folder, name);
      if (isExecutable(path)) return path;
    }
  return null;
}
