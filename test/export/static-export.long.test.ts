import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { findChromium } from "../../src/export/renderers/find-chromium";

const library = JSON.stringify(join(__dirname, "..", "..", "src", "index.js"));

/** Draws two pictures in a process of its own, which must end by itself. */
async function draw(
  exporter: "kaleido" | "chromium",
  close: boolean,
): Promise<{ png: string; size: number[]; svg: string }> {
  const program = `
    const { figure, exportStatic, closeExporter } = require(${library});
    (async () => {
      const { spec } = figure.accuracyBars([{ name: "VGG08", accuracy: 0.4684 }]);
      const png = await exportStatic(spec, "png", { width: 400, height: 300, scale: 2 });
      const svg = await exportStatic(spec, "svg");
      await exportStatic({ data: [{ type: "heatmap", x: [1], y: [1], z: "no" }], layout: { width: 10, height: 10 } }, "svg").catch(() => 0);
      const again = await exportStatic(spec, "svg");
      if (${close}) await closeExporter();
      console.log(JSON.stringify({ png: png.subarray(1, 4).toString(), size: [png.readUInt32BE(16), png.readUInt32BE(20)], svg: again.toString().slice(0, 400) }));
    })();`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], {
    env: { ...process.env, GRADAMP_EXPORTER: exporter },
    timeout: 180_000,
  });
  return JSON.parse(stdout) as { png: string; size: number[]; svg: string };
}

describe("exportStatic", () => {
  for (const exporter of ["kaleido", "chromium"] as const)
    for (const close of [false, true])
      test(
        `draws PNG and SVG with ${exporter} and lets the process end${close ? " after closing" : ""}`,
        { skip: exporter === "chromium" && findChromium() === null ? "no Chromium here" : false },
        async () => {
          const profiles = () => readdirSync(tmpdir()).filter((name) => name.startsWith("gradamp-chromium-"));
          const before = new Set(profiles());
          const { png, size, svg } = await draw(exporter, close);
          assert.equal(png, "PNG");
          assert.deepEqual(size, [800, 600]);
          assert.match(svg, /^<svg class="main-svg"[^>]* width="960" height="440"/);
          // Others may draw meanwhile, or have been killed before; this process leaves nothing of its own.
          const left = profiles().filter((name) => !before.has(name));
          assert.deepEqual(left, []);
        },
      );
});
