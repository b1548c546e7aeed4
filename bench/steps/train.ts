/**
 * A process that measures gradamp's engines as users run them: `ga.startTraining`, an epoch at a time.
 *
 * Between two epochs the run rests inside the listener of its "epoch" event, until more steps are wanted; so compilation
 * is paid once, and whatever an epoch does besides its steps (shuffling, reading totals, rows) is in the time.
 */
import { serialize } from "node:v8";
import { dataset } from "../../src/datasets";
import { trainableParameters } from "../../src/models";
import { nativeBackend } from "../../src/tensorflow";
import { startTraining, type TrainOptions } from "../../src/training";
import { watch } from "../../src/live";
import { buildModel, buildOptimizer } from "../support/build-network";
import { answer, nextSteps, taskOfProcess } from "./channel";
import { engineOptions } from "./engine-options";
import { randomImages } from "./random-images";

/** A cell like one of gradamp's kernel, whose displays are written out as they would be for the kernel's process. */
function pretendNotebook(): void {
  const write = (message: unknown) => void serialize(message);
  const host = {
    cell: () => ({ write, identity: "cell" }),
    beforeIdle() {},
    saving() {},
    kernelId: null,
    onClient: () => () => {},
  };
  Object.defineProperty(globalThis, Symbol.for("gradamp.kernel"), { value: host });
}

async function main(): Promise<void> {
  const task = taskOfProcess();
  const options = engineOptions(task);
  if (!options)
    return answer({ unavailable: `this version of gradamp has no ${task.engine} engine in ${task.precision}` });
  const backend = nativeBackend();
  if (!backend) return answer({ unavailable: "tfjs runs in plain JavaScript: run `gradamp setup`" });
  const { images, labels } = randomImages(task.steps * task.batch, task.classes);
  const data = await dataset({ train: { inputs: images, targets: labels }, classes: task.classes });
  images.dispose();
  labels.dispose();
  const model = buildModel(task);
  const run = startTraining(model, data, {
    epochs: Number.MAX_SAFE_INTEGER,
    batchSize: task.batch,
    optimizer: buildOptimizer(task),
    amplify: task.amplify,
    // A statistic that this version lacks is refused by name.
    measure: task.measure as Exclude<TrainOptions["measure"], undefined>,
    validate: "never",
    test: "never",
    ...options,
  });
  if (task.watch) {
    pretendNotebook();
    watch(run, { picture: false });
  }
  let wanted: number | null = null;
  let done = 0;
  let began = performance.now();
  run.on("epoch", () => {
    done += task.steps;
    if (wanted === null)
      answer({ parameters: trainableParameters(model), versions: { tensorflow: backend.binding.TF_Version } });
    else if (done < wanted) return;
    else answer({ steps: done, ms: performance.now() - began });
    run.epochs.length = run.gradients.length = 0;
    wanted = nextSteps();
    if (wanted === null) run.stop();
    done = 0;
    began = performance.now();
  });
  await run.finished;
}

main().catch((error: unknown) => {
  if (error instanceof RangeError || error instanceof TypeError) answer({ unavailable: error.message });
  else throw error;
});
