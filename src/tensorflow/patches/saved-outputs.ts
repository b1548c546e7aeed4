import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { type Patch, wrapMethod } from "./patch";

const name = "saved-outputs";

interface TapeNode {
  readonly inputs: Readonly<Record<string, Tensor>>;
}
interface Engine {
  readonly state: { readonly activeTape: TapeNode[] };
}
type AddTapeNode = (this: Engine, kernelName: string, inputs: object, outputs: Tensor[], ...rest: unknown[]) => void;

/**
 * A gradient that looks at its op's output gets a copy, which tfjs writes on its tape before the op itself. Going back, it
 * comes to the copy when it is done with the op, and what the copy adds to the gradient is lost: only the copies are moved
 * behind the op here.
 */
export const savedOutputs: Patch = {
  name,
  changes: "method `addTapeNode` of tfjs's engine",
  reason:
    "the gradient of a gradient is wrong, without a word, through exp, tanh, sigmoid, softmax and other ops whose gradients " +
    "look at the output: what goes through the saved output is left out",
  writtenFor: "tfjs 4.22",
  install() {
    const engine = Object.getPrototypeOf(tf.engine()) as { addTapeNode: AddTapeNode };
    wrapMethod(
      name,
      engine,
      "addTapeNode",
      (original) =>
        function (this: Engine, kernelName, inputs, outputs, ...rest) {
          original.call(this, kernelName, inputs, outputs, ...rest);
          const { activeTape } = this.state;
          const made = new Set(outputs.map(({ id }) => id));
          const isCopy = (node: TapeNode) => Object.values(node.inputs).some((input) => made.has(input?.id));
          let first = activeTape.length - 1;
          while (first > 0 && isCopy(activeTape[first - 1]!)) first--;
          activeTape.push(...activeTape.splice(first, activeTape.length - 1 - first));
        },
    );
  },
};
