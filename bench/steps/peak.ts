/**
 * A process that measures what the machine can do at most, in TensorFlow: a large matrix product in float32 or bfloat16, or
 * a copy of memory. One of them is a step.
 */
import { nativeBackend, tf } from "../../src/tensorflow";
import { peakSizes } from "../measure/peak";
import { answer, nextSteps, taskOfProcess } from "./channel";
import { RawTensors } from "./raw-tensors";

const { width, variant, precision } = taskOfProcess();
const { side, bytes } = peakSizes(width !== null);
const raw = new RawTensors();

function timer(): (runs: number) => number[] {
  if (variant === "copy") {
    // Neg reads all and writes all, on all cores; TensorFlow's plain copies are done by one.
    const source = raw.of(tf.ones([bytes / 4]), "float32");
    return (runs) => raw.time("Neg", { T: "float32" }, {}, [source], runs);
  }
  const matrix = raw.random([side, side], precision);
  const transpose = { transpose_a: false, transpose_b: false };
  return (runs) => raw.time("MatMul", { T: precision }, transpose, [matrix, matrix], runs);
}

const time = timer();
time(1);
answer({ parameters: null, versions: { tensorflow: nativeBackend()!.binding.TF_Version } });
for (let steps = nextSteps(); steps !== null; steps = nextSteps())
  answer({ steps, ms: time(steps).reduce((sum, ms) => sum + ms, 0) });
raw.dispose();
