/**
 * Draws docs/gallery.md and its pictures from the snapshots: `node dist/test/figures/draw-gallery.js`.
 *
 * The pictures are what the committed snapshots draw, so a figure that changes shows in the snapshot first.
 */
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { PlotlySpec } from "../../src/figures";
import { exportStatic } from "../../src/export";
import { writeFileAtomically } from "../../src/files/write-file-atomically";
import { gallery } from "./gallery-examples";
import { snapshotFile } from "./match-snapshot";

const docs = join(__dirname, "..", "..", "..", "docs");

async function main(): Promise<void> {
  await rm(join(docs, "gallery"), { recursive: true, force: true });
  const lines = [
    "# Gallery",
    "",
    "Every figure of the library, each drawn by one call, `ga.figure.NAME(…)`, from plain rows. The rows here are made up",
    "unless the text says otherwise: the pictures show what a figure looks like, not a result. `004` is “Analysis of",
    "Vanishing gradient problem”, `2020` “Gradient Amplification”, `2023` “Intelligent gradient amplification”.",
    "",
    "Drawn by `npm run build && node dist/test/figures/draw-gallery.js` from the specs in `test/figures/snapshots/gallery/`;",
    "the page shows the light or the dark one, as you read.",
  ];
  for (const { name, shows } of gallery) {
    const pictures = { light: "", dark: "" };
    for (const theme of ["light", "dark"] as const) {
      const spec = JSON.parse(readFileSync(snapshotFile(`gallery/${name}-${theme}`), "utf8")) as PlotlySpec;
      const files = await Promise.all(
        (["svg", "png"] as const).map(async (kind) => ({
          kind,
          picture: await exportStatic(spec, kind, { width: 860, scale: 1 }),
        })),
      );
      // Curves are small as SVG, maps of many fields as PNG.
      const [smallest] = files.sort((a, b) => a.picture.length - b.picture.length);
      if (!smallest) continue;
      pictures[theme] = `gallery/${name}-${theme}.${smallest.kind}`;
      writeFileAtomically(join(docs, pictures[theme]), smallest.picture);
    }
    lines.push(
      "",
      `## ${name}`,
      "",
      `${shows}.`,
      "",
      "<picture>",
      `<source media="(prefers-color-scheme: dark)" srcset="${pictures.dark}">`,
      `<img alt="${name}" src="${pictures.light}">`,
      "</picture>",
    );
  }
  writeFileAtomically(join(docs, "gallery.md"), `${lines.join("\n")}\n`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
