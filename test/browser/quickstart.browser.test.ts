import assert from "node:assert/strict";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { packageRoot } from "../../src/files/package-root";
import { type DisplayOutput, parseNotebook } from "../../src/execute/notebook-format";
import { JupyterServer } from "./jupyter-server";
import { NotebookPage } from "./notebook-page";
import { openBrowser } from "./open-browser";
import { screenshotFolder } from "./screenshot-folder";

const name = "quickstart.ipynb";

describe("the quickstart in JupyterLab, with no network", () => {
  let browser: Browser;
  let server: JupyterServer;
  before(async () => {
    browser = await openBrowser();
    server = await JupyterServer.start();
    copyFileSync(join(packageRoot(), "notebooks", name), join(server.folder, name));
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
    console.log(`Screenshots: ${screenshotFolder()}`);
  });

  test("runs from the first cell to the last, and draws its figures", async () => {
    const page = await NotebookPage.open(browser, server, name);
    await page.runAll();
    assert.equal(
      await page.page.locator('.jp-RenderedText[data-mime-type="application/vnd.jupyter.error"]').count(),
      0,
    );
    const figures = await page.figures(3);
    for (const [at, figure] of (await figures.all()).entries()) {
      assert.ok((await figure.locator(".trace").count()) > 0, `figure ${at} has lines`);
      await page.picture(`quickstart-figure-${at + 1}`, figure);
    }
    const table = page.page.locator(".jp-OutputArea table").last();
    assert.match(await table.innerText(), /VGG38 BN \+ RC/);
    await page.picture("quickstart-table", table);
    await page.picture("quickstart-page");
    await page.save();
    await page.close();
  });

  test("is saved with its figures, each with a static picture, and Plotly once", () => {
    const notebook = parseNotebook(readFileSync(join(server.folder, name), "utf8"), name);
    const outputs = notebook.cells.flatMap((cell) => cell.outputs ?? []);
    const bundles = outputs.flatMap((output) => ("data" in output ? [(output as DisplayOutput).data] : []));
    const html = bundles.map((data) => [data["text/html"]].flat().join(""));
    assert.equal(html.filter((text) => text.includes("DecompressionStream")).length, 1);
    assert.equal(bundles.filter((data) => "image/png" in data).length, 3);
    const codeCells = notebook.cells.filter((cell) => cell.cell_type === "code");
    assert.deepEqual(
      codeCells.map((cell) => cell.execution_count),
      codeCells.map((_, at) => at + 1),
    );
  });

  test("draws its figures again when it is opened again by the one who ran it", async () => {
    const page = await NotebookPage.open(browser, server, name);
    assert.equal(await page.isTrusted(), true);
    await page.figures(3);
    await page.close();
  });

  test("shows pictures of them to a stranger, whose Jupyter trusts it with no scripts", async () => {
    const stranger = await JupyterServer.start(server.folder);
    try {
      const page = await NotebookPage.open(browser, stranger, name, { theme: "dark" });
      assert.equal(await page.isTrusted(), false);
      const pictures = page.page.locator('.jp-OutputArea img[src^="data:image/png"]');
      assert.equal(await pictures.count(), 3);
      for (const [at, picture] of (await pictures.all()).entries()) {
        await picture.scrollIntoViewIfNeeded();
        const width = await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth);
        assert.ok(width > 300, `picture ${at} is ${width} pixels wide`);
      }
      assert.equal(await page.page.locator(".js-plotly-plot").count(), 0);
      await page.picture("quickstart-untrusted", pictures.first());
      await page.picture("quickstart-untrusted-page");
      await page.close();
    } finally {
      await stranger.stop();
    }
  });
});
