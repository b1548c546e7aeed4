import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { rmSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { makeNotebook } from "../execute/make-notebook";
import { JupyterServer } from "./jupyter-server";
import { NotebookPage } from "./notebook-page";
import { openBrowser } from "./open-browser";
import { screenshotFolder } from "./screenshot-folder";

/** Cells, and what the page must show of them: a table with this in it, or a text. */
const CELLS: [what: string, code: string, shows: "table" | "text" | "figure", expected: RegExp][] = [
  [
    "arquero",
    'import * as ga from "gradamp";\nimport { table } from "arquero";\nconst { tf } = ga;\nconst t = table({ model: Array.from({ length: 40 }, (_, i) => `VGG${i}`), testAccuracy: Array.from({ length: 40 }, (_, i) => i / 40), epochs: Array.from({ length: 40 }, (_, i) => i * 150) });\nt',
    "table",
    /VGG39/,
  ],
  [
    "danfo",
    'const { DataFrame } = require("danfojs-node");\nnew DataFrame({ name: ["a", "b", "c"], loss: [0.25, NaN, 1234.5678], n: [1, 20, 300] })',
    "table",
    /1235/,
  ],
  ["matrix", "tf.truncatedNormal([30, 20], 0, 1, 'float32', 1)", "table", /Tensor \[30, 20\] float32/],
  ["vector", "tf.range(0, 20)", "text", /Tensor \[20\] float32/],
  ["model", "const model = ga.vgg08({ classes: 10, width: 4, batchNorm: true });\nmodel", "table", /parameters/],
  [
    "run",
    "const run = await ga.train(model, ga.embedded({ train: 40, validation: 20, test: 20 }), { epochs: 2, batchSize: 20 });\nrun",
    "table",
    /finished, 2 epochs/,
  ],
  ["figure", "ga.figure.gradientFlow(run)", "figure", /Gradient flow/],
  ["middle", "t.slice(0, 2).show(); model.show(); run.show(); tf.eye(3).show();", "table", /VGG1/],
  ["error", "ga.vgg08({ classes: -1 })", "text", /RangeError[\s\S]*Cell \[\d+\]:1:4/],
];

describe("what cells show, in JupyterLab", () => {
  let browser: Browser;
  let server: JupyterServer;
  let name: string;
  before(async () => {
    browser = await openBrowser();
    server = await JupyterServer.start();
    const made = makeNotebook(...CELLS.map(([, code]) => code));
    name = basename(made);
    copyFileSync(made, join(server.folder, name));
    rmSync(dirname(made), { recursive: true });
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
    console.log(`Screenshots: ${screenshotFolder()}`);
  });

  for (const theme of ["light", "dark"] as const)
    test(`is readable in ${theme}`, async () => {
      const page = await NotebookPage.open(browser, server, name, { theme });
      await page.runAll();
      for (const [at, [what, , shows, expected]] of CELLS.entries()) {
        const output = await page.outputs(at);
        if (shows === "table") assert.match(await output.locator("table").first().innerText(), expected, what);
        else if (shows === "text") assert.match(await output.innerText(), expected, what);
        else assert.match(await output.locator(".js-plotly-plot").innerText(), expected, what);
        await page.picture(`display-${what}-${theme}`, output);
      }
      const cell = page.page.locator(".jp-OutputArea td").filter({ hasText: "0.25" }).first();
      assert.equal(await cell.evaluate((element) => getComputedStyle(element).textAlign), "right");
      await page.picture(`displays-${theme}`);
      await page.close();
    });
});
