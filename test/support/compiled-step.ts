import { compile } from "../../src/graph";
import { optimise } from "../../src/graph/passes/optimise";
import { trace, type Trace } from "../../src/graph/trace";
import { type LayersModel, type Scalar, type Tensor, tf, type Variable } from "../../src/tensorflow";
import { assertAllSameBits, takeValues } from "./same-bits";
import { nodesOf } from "./training-graph";

export type Step = (x: Tensor) => Tensor[];
export type Call = (x: Tensor) => Tensor;

/** Looks at the graph of a step as it becomes a function. */
export function lookAtStep<T>(step: Step, images: Tensor, see: (trace: Trace) => T): T {
  const optimised = optimise(
    trace((x) => step(x!), [{ dtype: 1, shape: images.shape }]),
    "float32",
  );
  try {
    return see(optimised);
  } finally {
    optimised.dispose();
  }
}

/** How often each of some ops is in a step. */
export const countInStep = (step: Step, images: Tensor, ops: readonly string[]) =>
  lookAtStep(step, images, (traced) => {
    const counts: Record<string, number> = {};
    for (const { op } of nodesOf(traced, ...ops)) counts[op] = (counts[op] ?? 0) + 1;
    return counts;
  });

/** Asserts that a step gives compiled what it gives op by op, to the last bit. */
export function assertSameCompiled(step: Step, images: Tensor): void {
  const compiled = compile(step);
  assertAllSameBits(takeValues(compiled(images)), takeValues(tf.tidy(() => step(images))));
  compiled.dispose();
}

/** A training step's gradients by the weights of some layers: they are called one after the other. */
export function gradientsBehind(calls: readonly Call[], images: Tensor): { step: Step; dispose: () => void } {
  const forward = (x: Tensor) => calls.reduce((value, call) => call(value), x);
  tf.dispose(tf.tidy(() => forward(images)));
  const step = (x: Tensor) => {
    const { value, grads } = tf.variableGrads(() => tf.sum(tf.square(forward(x))) as Scalar);
    return [value, ...Object.values(grads)];
  };
  return { step, dispose: () => tf.disposeVariables() };
}

/** Gradients of all of a network's weights after a training batch of four images of three classes. */
export function gradientsOfModel(model: LayersModel): Step {
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  return (x) => {
    const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 0], "int32"), 3);
    const loss = () => tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as Tensor) as Scalar;
    const { grads } = tf.variableGrads(loss, variables);
    return variables.map(({ name }) => grads[name]!);
  };
}
