import { checkArgument, checkOptions, type KindsOf, yesNo } from "../options";
import { randomUUID } from "node:crypto";
import { extname } from "node:path";
import type { PlotlySpec } from "../figures";
import { displayBundle } from "../cell/display-bundle";
import { ensurePlotly } from "./ensure-plotly";
import { figureHtml } from "../export/html/figure-html";
import { pageFrame } from "../export/html/html-page";
import { beforeIdle, kernelCell } from "../cell/kernel-cell";
import type { MimeBundle } from "../cell/running-cell";
import { canExport, exportStatic, PICTURE_KINDS, type StaticExportOptions } from "../export/static-export";
import { writeFileAtomically } from "../files/write-file-atomically";

/** How a figure is shown. */
export interface ShowOptions {
  /**
   * Whether a static picture goes along, for untrusted notebooks and for viewers that run no scripts. Default: where a
   * browser or kaleido is at hand.
   */
  picture?: boolean;
}

const SHOW_KINDS: KindsOf<ShowOptions> = { picture: yesNo };

/**
 * A figure that can show itself in a notebook and save itself as HTML, JSON, PNG or SVG.
 *
 * `spec` is the plain Plotly figure; change it freely before showing.
 *
 * @example
 * import * as ga from "gradamp";
 * import { tmpdir } from "node:os";
 * const figure = ga.figure.accuracyBars([{ name: "VGG08", accuracy: 0.4684 }]);
 * figure.spec.layout.height = 300;
 * await figure.save(`${tmpdir()}/accuracy.json`);
 */
export class Figure {
  /**
   * @param spec Plotly's data, layout and configuration
   * @throws {TypeError} for anything else
   */
  constructor(readonly spec: PlotlySpec) {
    checkArgument(spec, "a figure's spec, { data, layout },", "data");
  }

  /**
   * Shows the figure as output of the running cell, at once; outside a kernel, prints one line about it.
   *
   * A static picture, where one can be made, is added before the kernel says that the cell is done.
   */
  show(options: ShowOptions = {}): void {
    checkOptions("show", options, SHOW_KINDS);
    ensurePlotly();
    const displayId = randomUUID();
    const shown = displayBundle(this.#bundle(null), { displayId });
    if (!shown || !(options.picture ?? canExport())) return;
    // Another cell may run when the picture is ready, so it goes where this cell's output goes.
    const cell = kernelCell();
    beforeIdle(
      this.#picture().then((picture) => {
        if (picture)
          cell?.write({ data: this.#bundle(picture), metadata: {}, transient: { display_id: displayId } }, true);
      }),
    );
  }

  /** What a notebook shows of the figure when it is the last value of a cell. */
  async [Symbol.for("Jupyter.display")](): Promise<MimeBundle> {
    ensurePlotly();
    return this.#bundle(canExport() ? await this.#picture() : null);
  }

  /**
   * Saves the figure; the ending of the name says how: .html (opens offline), .json (the Plotly spec), .png or .svg.
   *
   * @param path Folders that are missing are made.
   * @param options Size of a PNG or SVG, and who is told of a download that it needs.
   * @throws {RangeError} for another ending
   * @throws {Error} if no exporter for PNG and SVG is available; the message says what to install
   */
  async save(path: string, options: StaticExportOptions = {}): Promise<void> {
    checkOptions("save", options, PICTURE_KINDS);
    const kind = extname(path).toLowerCase();
    if (kind === ".json") return writeFileAtomically(path, `${JSON.stringify(this.spec, null, 1)}\n`);
    if (kind === ".html")
      return writeFileAtomically(path, pageFrame(this.spec.layout.title?.text ?? "Figure", figureHtml(this.spec)));
    if (kind === ".png" || kind === ".svg")
      return writeFileAtomically(path, await exportStatic(this.spec, kind === ".png" ? "png" : "svg", options));
    throw new RangeError(`Expected a name ending in .html, .json, .png or .svg but found ${path}`);
  }

  /** For `console.log` and `JSON.stringify`. */
  toJSON(): PlotlySpec {
    return this.spec;
  }

  #bundle(picture: Buffer | null): MimeBundle {
    const title = this.spec.layout.title?.text;
    return {
      "text/html": figureHtml(this.spec, picture),
      ...(picture ? { "image/png": picture.toString("base64") } : {}),
      "text/plain": `Figure${title ? ` "${title}"` : ""} with ${this.spec.data.length} traces; save it with .save("figure.html")`,
    };
  }

  async #picture(): Promise<Buffer | null> {
    // A missing picture must not fail a cell whose figure is there.
    return exportStatic(this.spec, "png", { scale: 1, download: false }).catch(() => null);
  }
}
