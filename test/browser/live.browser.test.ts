import assert from "node:assert/strict";
import { copyFileSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Browser, Locator, WebSocketRoute } from "playwright-core";
import { packageRoot } from "../../src/files/package-root";
import { type DisplayOutput, parseNotebook } from "../../src/execute/notebook-format";
import { readRunInfo } from "../../src/runs/read-run-info";
import { makeNotebook } from "../execute/make-notebook";
import { JupyterServer } from "./jupyter-server";
import { NotebookPage } from "./notebook-page";
import { openBrowser } from "./open-browser";
import { screenshotFolder } from "./screenshot-folder";

const size = { width: 1200, height: 1400 };
/** The most that a notebook may weigh, in bytes. */
const LARGEST = 5_000_000;
/** Seconds within which a dashboard must be whole again; five on an idle machine, and tests run on others. */
const PATIENCE = 15;

/** A cell that trains far longer than a test waits, an epoch in about a second. */
const training = (folder: string) => `const data = ga.embedded({ train: 600, validation: 100, test: 50 });
const model = ga.vgg38({ classes: 10, width: 4, batchNorm: true });
const plan = ga.stages([[4, 0.05, 0, 1], [12, 0.05, 0.3, 2], [20, 0.01, 0, 1], [400, 0.001, 0.5, 2]], { group: "bn" });
const training = ga.train(model, data, { name: "VGG38, amplified", batchSize: 20, stages: plan, save: "${folder}" });
ga.watch(training);
await training;`;

const own = (module: string) => JSON.stringify(join(packageRoot(), "dist", module));
/** A cell that shows the made-up events of a run of ResNet-101's size, ten epochs a second. */
const long = `const { LiveDashboard } = require(${own("src/live/live-dashboard")});
const { notebookOutlet } = require(${own("src/live/notebook-outlet")});
const { emptyDashboard } = require(${own("src/live/dashboard-state")});
const { facts, longRun } = require(${own("test/live/long-run")});
const live = new LiveDashboard(emptyDashboard(facts), notebookOutlet({ theme: "auto", interval: 250 }));
for (const event of longRun({ epochs: 150, layers: 209 })) {
  live.take(event);
  if (event.kind === "epoch") await new Promise((resolve) => setTimeout(resolve, 100));
}`;

/** What a dashboard shows. */
interface Shown {
  epoch: number;
  status: string;
  tiles: string[];
  /** How many of its three figures are drawn. */
  figures: number;
  /** Epochs and layers of the heat map. */
  heatmap: [epochs: number, layers: number];
}

/** Reads the dashboard in a cell's outputs; null where there is none. */
async function shown(outputs: Locator): Promise<Shown | null> {
  return outputs.evaluate((area) => {
    const board = area.querySelector(".gradamp-live");
    if (!board) return null;
    const text = (selector: string) => [...board.querySelectorAll(selector)].map((found) => found.textContent ?? "");
    const heatmap = board.querySelector(".gl-heatmap") as (Element & { data?: { z: number[][] }[] }) | null;
    const z = heatmap?.data?.[0]?.z ?? [];
    return {
      epoch: parseInt(text(".gl-tile .gl-value")[0] ?? "0"),
      status: text(".gl-status").join(),
      tiles: text(".gl-tile .gl-value"),
      figures: board.querySelectorAll(".gl-plots > div:not([hidden]) .main-svg:first-of-type").length,
      heatmap: [z[0]?.length ?? 0, z.length] as [number, number],
    };
  });
}

/** Waits until a dashboard is as it should be. */
async function until(outputs: Locator, what: string, holds: (board: Shown) => boolean, seconds = 60): Promise<Shown> {
  let board: Shown | null = null;
  for (const end = Date.now() + 1000 * seconds; Date.now() < end; await delay(50)) {
    board = await shown(outputs);
    if (board && holds(board)) return board;
  }
  throw new Error(`Expected the dashboard to ${what} within ${seconds} s but found ${JSON.stringify(board)}`);
}

const isWhole = ({ figures, heatmap, tiles }: Shown) => figures === 3 && heatmap[0] > 0 && tiles.length >= 4;

describe("live dashboards in JupyterLab", () => {
  let browser: Browser;
  let server: JupyterServer;
  const path = (name: string) => join(server.folder, name);
  const add = (name: string, ...cells: string[]) => {
    const made = makeNotebook('import * as ga from "gradamp";', ...cells);
    copyFileSync(made, path(name));
    rmSync(dirname(made), { recursive: true });
  };
  /** Epochs that the run's own files tell of. */
  const epochsDone = (folder: string) => readRunInfo(path(folder)).progress?.epoch ?? 0;
  /** The static pictures that a notebook's file holds. */
  const pictures = (name: string) =>
    parseNotebook(readFileSync(path(name), "utf8"), name)
      .cells.flatMap((cell) => cell.outputs ?? [])
      .filter((output) => "data" in output && "image/svg+xml" in (output as DisplayOutput).data).length;
  before(async () => {
    browser = await openBrowser();
    server = await JupyterServer.start();
    add("closed.ipynb", training("closed-run"), 'ga.watch("closed-run");');
    add("kept-open.ipynb", training("open-run"));
    add("long.ipynb", long);
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
    console.log(`Screenshots: ${screenshotFolder()}`);
  });

  test("a dashboard changes while its cell trains", async () => {
    const page = await NotebookPage.open(browser, server, "closed.ipynb", { size });
    await page.run(0);
    await page.run(1);
    const outputs = await page.outputs(1);
    const first = await until(outputs, "be drawn", isWhole, 120);
    const seen = new Set<string>();
    await until(outputs, "go on for three epochs", (board) => {
      seen.add(board.tiles.join());
      return board.epoch >= first.epoch + 3 && board.heatmap[0] >= first.heatmap[0] + 2;
    });
    assert.ok(seen.size >= 4, `${seen.size} states were seen`);
    await page.picture("live-training");
    await page.save();
    assert.deepEqual(page.errors, []);
    await page.close();
  });

  test("a page that was closed meanwhile shows it whole, with current values, and can interrupt it", async () => {
    const epoch = epochsDone("closed-run");
    while (epochsDone("closed-run") < epoch + 4) await delay(200);
    const now = epochsDone("closed-run");
    const page = await NotebookPage.open(browser, server, "closed.ipynb", { size, until: "shown" });
    const opened = Date.now();
    const outputs = page.page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea").first();
    const isCurrent = (board: Shown) => isWhole(board) && board.epoch >= now && board.heatmap[0] >= now - 1;
    await until(outputs, `be whole and at epoch ${now}`, isCurrent, PATIENCE);
    const seconds = (Date.now() - opened) / 1000;
    console.log(`Whole and current ${seconds.toFixed(1)} s after the notebook was shown, at epoch ${now}.`);
    await until(outputs, "go on", (board) => board.epoch >= now + 2);
    await page.picture("live-reopened");

    await page.menu("Kernel", "Interrupt Kernel");
    const last = await until(outputs, "say that it was interrupted", ({ status }) => status === "interrupted");
    assert.equal(readRunInfo(path("closed-run")).status, "interrupted");
    // Longer than the silence after which a page asks the kernel again.
    await delay(4000);
    const stays = await shown(outputs);
    assert.deepEqual({ ...stays, figures: 0 }, { ...last, figures: 0 });
    assert.ok(stays && isWhole(stays));
    await page.picture("live-interrupted");

    // Outputs of a cell whose page was closed are not part of the file: the finished dashboard is put into a cell.
    await page.run(2);
    await until(await page.outputs(2), "be drawn", (board) => isWhole(board) && board.status === "interrupted");
    for (let tries = 0; pictures("closed.ipynb") === 0 && tries < 40; tries++) {
      await delay(500);
      await page.save();
    }
    assert.equal(pictures("closed.ipynb"), 1);
    assert.deepEqual(page.errors, []);
    await page.close();
  });

  test("connects again where the connection of such a page is lost", async () => {
    const page = await NotebookPage.open(browser, server, "kept-open.ipynb", { size });
    await page.run(0);
    await page.run(1);
    await until(await page.outputs(1), "be drawn", isWhole, 120);
    await page.save();
    const sockets: WebSocketRoute[] = [];
    const again = await NotebookPage.open(browser, server, "kept-open.ipynb", {
      ...{ size, until: "shown" },
      prepare: (context) =>
        context.routeWebSocket(/session_id=gradamp-/, (socket) => {
          sockets.push(socket);
          socket.connectToServer();
        }),
    });
    const outputs = again.page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea").first();
    const board = await until(outputs, "be whole", (board) => isWhole(board) && sockets.length === 1);
    await sockets[0]!.close();
    await until(outputs, "say that it is not connected", ({ status }) => status === "not connected");
    await until(outputs, "go on", ({ status, epoch }) => status === "running" && epoch > board.epoch + 1);
    assert.equal(sockets.length, 2);
    assert.deepEqual(again.errors, []);
    await again.close();

    // The page that stayed open keeps the last dashboard in the notebook itself.
    await page.menu("Kernel", "Interrupt Kernel");
    await page.idle(60_000);
    const last = await until(await page.outputs(1), "say so", ({ status }) => status === "interrupted");
    assert.ok(isWhole(last));
    await page.save();
    assert.equal(pictures("kept-open.ipynb"), 1);
    assert.deepEqual(page.errors, []);
    await page.close();
  });

  test("draws a run of 209 layers and 150 epochs", async () => {
    const page = await NotebookPage.open(browser, server, "long.ipynb", { size });
    await page.runAll(120_000);
    const outputs = await page.outputs(1);
    const { heatmap } = await until(outputs, "be complete", (board) => isWhole(board) && board.status === "finished");
    assert.equal(heatmap[1], 209);
    assert.ok(heatmap[0] > 50 && heatmap[0] <= 150, `${heatmap[0]} epochs`);
    assert.equal(await page.page.locator('[data-mime-type="application/vnd.jupyter.error"]').count(), 0);
    await page.picture("live-long");
    await page.save();
    assert.deepEqual(page.errors, []);
    await page.close();
  });

  test("leaves notebooks of less than 5 MB", () => {
    for (const name of ["closed.ipynb", "kept-open.ipynb", "long.ipynb"]) {
      const bytes = statSync(path(name)).size;
      console.log(`${name}: ${(bytes / 1e6).toFixed(2)} MB`);
      assert.ok(bytes < LARGEST, `${name} has ${bytes} bytes`);
    }
  });

  test("shows a picture of the last one to a stranger, whose Jupyter trusts it with no scripts", async () => {
    const stranger = await JupyterServer.start(server.folder);
    try {
      // prettier-ignore
      for (const [name, cell] of [["closed.ipynb", 2], ["kept-open.ipynb", 1]] as const) {
        const page = await NotebookPage.open(browser, stranger, name, { size, theme: "dark" });
        assert.equal(await page.isTrusted(), false);
        const picture = (await page.outputs(cell)).locator('img[src^="data:image/svg+xml"]').first();
        await picture.waitFor();
        await picture.scrollIntoViewIfNeeded();
        const [width, height] = await picture.evaluate((image) => [
          (image as HTMLImageElement).naturalWidth,
          (image as HTMLImageElement).naturalHeight,
        ]);
        assert.ok(width! > 1000 && height! > 500, `the picture has ${width} × ${height} pixels`);
        assert.equal(await page.page.locator(".js-plotly-plot").count(), 0);
        // What was saved while it was trained says in words how things stood.
        if (name === "closed.ipynb")
          assert.match(await (await page.outputs(1)).innerText(), /^VGG38, amplified: epoch \d+\/400 · loss/);
        await page.picture(`live-untrusted-${name.replace(".ipynb", "")}`);
        await page.close();
      }
    } finally {
      await stranger.stop();
    }
  });
});
