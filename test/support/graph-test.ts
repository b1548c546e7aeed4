import { test } from "node:test";
import { functionName } from "../../src/graph/function-names";
import { graphBinding, graphFallback } from "../../src/tensorflow";
import { registeredLayers } from "../../src/layers/registered-layers";

// As importing gradamp does.
registeredLayers.install();

const fallback = graphFallback();

/** A test of what there is only with TensorFlow's graphs; skipped, with the reason, where they are out of reach. */
export function graphTest(name: string, body: () => void | Promise<void>): void {
  void test(name, { skip: fallback ?? false }, body);
}

/** How many functions of TensorFlow's carry a name that was given to a step or a loop. */
export function functionsNamed(name: string): number {
  const latest = Number(/\d+$/.exec(functionName("probe"))![0]);
  const names = Array.from({ length: latest }, (_, number) => `gradamp_${name}_${number + 1}`);
  return names.filter((each) => graphBinding()!.hasFunction(each)).length;
}
