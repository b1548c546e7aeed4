import type { LayersModel } from "../../tensorflow";
import { namedLayers } from "../../models/named-layers";
import { wrapCall } from "../../models/wrap-call";
import { tf } from "../../tensorflow";

/** The operations that tfjs has written down for the gradient that is being taken, by their kernels' names. */
export function recordedOps(): readonly string[] {
  const { state } = tf.engine() as unknown as { state: { activeTape?: readonly { kernelName: string }[] | null } };
  return (state.activeTape ?? []).map(({ kernelName }) => kernelName);
}

/** What is known of a step whose gradient cannot be computed. */
export interface FailedStep {
  readonly model: LayersModel;
  /** The loss, as errors name it. */
  readonly loss: string;
  /** The kernels that the loss itself used. */
  readonly lossOps: readonly string[];
  apply(): void;
}

/** tfjs's error over a gradient that cannot be computed, told of whose it is: the loss's or a layer's. */
export function gradientFailure(error: unknown, { model, loss, lossOps, apply }: FailedStep): unknown {
  if (!(error instanceof Error)) return error;
  if (error.message.startsWith("Cannot find a connection")) {
    return new TypeError(
      `Expected ${loss} to depend on the outputs of ${model.name} but no gradient of it reaches a weight: compute it from ` +
        "its first argument, the prediction, by tensor operations, (prediction, target) => prediction.sub(target).square().mean()",
    );
  }
  const [, kernel] = /gradient function not found for (\w+)/.exec(error.message) ?? [];
  if (kernel === undefined) return error;
  const layer = lossOps.includes(kernel) ? null : layerThatUses(kernel, model, apply);
  const what = layer === null ? loss : `layer ${layer}`;
  return new TypeError(
    `Expected ${what} to be made of operations that have a gradient but found ${kernel}, for which tfjs has none: write it ` +
      "with other operations, or give it a gradient with tf.customGrad",
  );
}

/** The first layer in whose call a kernel is used. */
function layerThatUses(kernel: string, model: LayersModel, apply: () => void): string | null {
  let found: string | null = null;
  const undo = namedLayers(model).map(({ layer, name }) =>
    wrapCall(layer, (call) => (inputs, kwargs) => {
      const before = recordedOps().length;
      const outputs = call(inputs, kwargs);
      if (recordedOps().slice(before).includes(kernel)) found ??= name;
      return outputs;
    }),
  );
  try {
    tf.tidy(() => {
      // Only a gradient that is being taken is written down.
      tf.variableGrads(() => {
        apply();
        return tf.sum(model.trainableWeights[0]!.read());
      });
    });
  } catch {
    // What it was looked for has been thrown already.
  } finally {
    for (const each of undo) each();
  }
  return found;
}
