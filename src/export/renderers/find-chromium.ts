import { findProgram, isExecutable } from "../../files/find-program";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** The path of a Chromium or Chrome: CHROMIUM_PATH, else the first on PATH; null where there is none. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | null {
  const named = environment.CHROMIUM_PATH;
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`Expected CHROMIUM_PATH to name a program but found ${named}; correct it or unset it`);
  }
  const folders =
    process.platform === "darwin"
      ? ["/Applications/Google Chrome.app/Contents/MacOS", "/Applications/Chromium.app/Contents/MacOS"]
      : [];
  return findProgram([...names, "Google Chrome", "Chromium"], environment, folders);
}
