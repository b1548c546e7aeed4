import { type Browser, chromium } from "playwright-core";
import { findChromium } from "../../src/export/renderers/find-chromium";

/**
 * Starts the Chromium of this machine, without a window.
 *
 * @throws Error where there is none, saying what to install
 */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null)
    throw new Error(
      "Expected a Chromium or Chrome for the tests in a browser but found none; install one (Debian, Ubuntu: `sudo apt install chromium`) or name it in CHROMIUM_PATH",
    );
  // As root and in containers its sandbox refuses to start; nothing but our own pages is loaded.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}
