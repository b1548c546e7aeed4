import { aFunction, checkArgument, checkOptions, type KindsOf, number, oneOf, yesNo } from "../options";
import type { PlotlySpec } from "../figures";
import { fit } from "../figures/frame/fit";
import type { PictureSize, Renderer } from "./renderers/renderer";
import { openChromium } from "./renderers/chromium-renderer";
import { findChromium } from "./renderers/find-chromium";
import { installKaleido, kaleidoFolder } from "./renderers/kaleido-wheel";
import { openKaleido } from "./renderers/kaleido-renderer";

/** Size of a picture, and how it is drawn. */
export interface StaticExportOptions {
  /** In pixels. Default: the figure's own, else 960. */
  width?: number;
  /** In pixels. Default: the figure's own, else 540. */
  height?: number;
  /** Pixels of a PNG for each pixel of the layout. Default: 2. */
  scale?: number;
  /** Whether kaleido may be fetched where nothing else draws. Default: true. */
  download?: boolean;
  /** Told what takes long: a download of 80 MB on first use where no browser is found. */
  onProgress?: (message: string) => void;
}

const pixels = number("to be above 0 and at most 100,000 pixels", (found) => found > 0 && found <= 100_000);

/** What each of these may be. */
export const PICTURE_KINDS: KindsOf<StaticExportOptions> = {
  width: pixels,
  height: pixels,
  scale: number("to be above 0 and at most 20", (found) => found > 0 && found <= 20),
  download: yesNo,
  onProgress: aFunction,
};

let shared: Promise<Renderer> | null = null;

async function start(options: {
  download: boolean;
  onProgress?: ((message: string) => void) | undefined;
}): Promise<Renderer> {
  const wanted = process.env.GRADAMP_EXPORTER;
  const failures: string[] = [];
  const attempt = async (open: () => Promise<Renderer>): Promise<Renderer | null> => {
    try {
      return await open();
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
      return null;
    }
  };
  const installed = kaleidoFolder();
  if (installed && wanted !== "chromium") {
    const renderer = await attempt(() => openKaleido(installed));
    if (renderer) return renderer;
  }
  if (wanted !== "kaleido") {
    const renderer = await attempt(async () => {
      const browser = findChromium();
      if (!browser) throw new Error("there is no Chromium on PATH");
      return openChromium(browser);
    });
    if (renderer) return renderer;
  }
  if (!installed && options.download && wanted !== "chromium") {
    const renderer = await attempt(async () => openKaleido(await installKaleido(options.onProgress)));
    if (renderer) return renderer;
  }
  throw new Error(
    "Found nothing that draws PNG or SVG; install Chromium (apt-get install chromium) or name one with CHROMIUM_PATH, " +
      "or let pip fetch the wheel kaleido==0.2.1; .html and .json need neither" +
      failures.map((failure) => `\n- ${failure}`).join(""),
  );
}

/** Whether a picture can be made at once, without a download. */
export function canExport(): boolean {
  try {
    return kaleidoFolder() !== null || findChromium() !== null;
  } catch {
    return false; // CHROMIUM_PATH names no program: saving a picture says so
  }
}

/**
 * Draws a Plotly spec as PNG or SVG, without a display, root or a network.
 *
 * An installed kaleido is used, else a system Chromium, else the wheel kaleido==0.2.1 is fetched by pip into the
 * per-user cache. GRADAMP_EXPORTER=kaleido or =chromium insists on one. The process that draws is kept for further
 * pictures; it does not keep Node running.
 *
 * @param spec Plotly's data and layout
 * @param format `"png"` or `"svg"`
 * @param options size and scale, and whether an exporter may be downloaded
 * @returns the file's bytes; SVG is UTF-8
 * @throws {Error} if neither is available; the message says what to install
 *
 * @example
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 * const { spec } = ga.figure.accuracyBars([{ name: "VGG08", accuracy: 0.4684 }]);
 * // Without kaleido or a browser here, exportStatic would download 80 MB first.
 * if (advanced.canExport()) console.log((await ga.exportStatic(spec, "svg", { width: 800 })).toString().slice(0, 4)); // <svg
 */
export async function exportStatic(
  spec: PlotlySpec,
  format: "png" | "svg",
  options: StaticExportOptions = {},
): Promise<Buffer> {
  checkOptions("exportStatic", options, PICTURE_KINDS);
  checkArgument(spec, "a figure's spec, as figure.spec,", "data");
  oneOf("png", "svg").read(format, "format");
  const width = options.width ?? spec.layout.width ?? 960;
  const fitted = fit(spec, width, options.height ?? null);
  const size: PictureSize = {
    width,
    height: options.height ?? fitted.layout.height ?? 540,
    scale: options.scale ?? (format === "png" ? 2 : 1),
  };
  shared ??= start({ download: options.download ?? true, onProgress: options.onProgress });
  const current = shared;
  try {
    return await (await current).render(fitted, format, size);
  } catch (error) {
    // A renderer that failed to start or died is not asked again.
    if (shared === current) shared = null;
    await current.then((renderer) => renderer.close()).catch(() => undefined);
    throw error;
  }
}

/** Ends the process that draws pictures, if one runs; the next picture starts another. */
export async function closeExporter(): Promise<void> {
  const current = shared;
  shared = null;
  await current?.then((renderer) => renderer.close()).catch(() => undefined);
}
