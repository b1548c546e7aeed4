import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readRun } from "../../src/runs";
import { writeImageFolder } from "../support/image-folder";

const root = mkdtempSync(join(tmpdir(), "gradamp-large-"));
after(() => rmSync(root, { recursive: true }));

/** Each of these is there under so many names. */
const IMAGES = [120, 60, 20];
const NAMES = 250;

/** A network of one's own on a folder of pictures, in a process of its own. */
const SCRIPT = `
const ga = require(${JSON.stringify(join(__dirname, "../../src/index.js"))});
const [folder, save] = process.argv.slice(2);
const { layers, initializers } = ga.tf;
const kernel = (seed) => ({ kernelInitializer: initializers.heNormal({ seed }), useBias: false });
const model = ga.tf.sequential({ name: "own", layers: [
  layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, inputShape: [64, 64, 3], ...kernel(1) }),
  layers.batchNormalization({}), layers.reLU({}),
  layers.conv2d({ filters: 12, kernelSize: 3, strides: 2, ...kernel(2) }),
  layers.batchNormalization({}), layers.reLU({}),
  layers.globalAveragePooling2d({}), layers.dense({ units: 3, ...kernel(3) }),
] });
(async () => {
  const data = await ga.imageFolder(folder, { size: [64, 64], lazy: true, validationFraction: 0.02, augmentation: { pad: 2, flip: true } });
  const before = process.memoryUsage().rss;
  const run = await ga.train(model, data, {
    epochs: 3, batchSize: 100, optimizer: ga.adam({ learningRate: 3e-3 }), classWeights: "balanced",
    amplify: { group: "bn", ampRatio: 0.5, ampFactor: 2 }, augment: "cutout", save, progress: false, seed: 5,
  });
  console.log(JSON.stringify({ status: run.status, grown: process.resourceUsage().maxRSS * 1024 - before, size: data.train.size }));
})();
`;

function start(folder: string, save: string): { child: ChildProcess; ended: Promise<string> } {
  const script = join(root, "train.js");
  writeFileSync(script, SCRIPT);
  const child = spawn(process.execPath, [script, folder, save], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (part) => (text += String(part)));
  return { child, ended: new Promise((resolve) => child.on("close", () => resolve(text))) };
}

test("a network of one's own on a folder larger than the memory it takes, killed once, ends with the same numbers", async () => {
  const small = await writeImageFolder(join(root, "small"), IMAGES, () => [64, 64]);
  const folder = join(root, "large");
  for (const label of readdirSync(small)) {
    mkdirSync(join(folder, label), { recursive: true });
    for (const image of readdirSync(join(small, label)))
      for (let name = 0; name < NAMES; name++)
        linkSync(join(small, label, image), join(folder, label, `${name}-${image}`));
  }
  const whole = JSON.parse(await start(folder, join(root, "whole")).ended) as {
    status: string;
    grown: number;
    size: number;
  };
  assert.deepEqual([whole.status, whole.size], ["finished", 49_000]);
  const inMemory = whole.size * 64 * 64 * 3;
  assert.ok(whole.grown < 0.5 * inMemory, `${whole.grown / 1e6} MB beside ${inMemory / 1e6} of all pixels`);

  const killed = join(root, "killed");
  const first = start(folder, killed);
  // Killed in the middle of its second epoch.
  const rows = () => existsSync(join(killed, "run.json")) && readRun(killed).epochs.length >= 1;
  while (!rows()) await new Promise((resolve) => setTimeout(resolve, 100));
  first.child.kill("SIGKILL");
  await first.ended;
  assert.ok(readRun(killed).epochs.length < 3);
  assert.equal((JSON.parse(await start(folder, killed).ended) as { status: string }).status, "finished");
  const numbers = (save: string) => readRun(save).epochs.map(({ seconds: _, imagesPerSecond: __, ...row }) => row);
  assert.deepEqual(numbers(killed), numbers(join(root, "whole")));
  assert.ok(numbers(killed).at(-1)!.validationAccuracy! > 0.8);
});
