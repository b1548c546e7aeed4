/** Fifty steps of every network as one function and op by op. */
import { adam, sgd } from "../../src/training";
import { assertSameOutcome, outcomeOf } from "../support/both-engines";
import { graphTest as test } from "../support/graph-test";
import { smallSamples } from "../support/small-samples";

const NETWORKS: [network: string, size: number][] = [
  ["vgg08", 32],
  ["vgg38", 8],
  ["vgg38-rc", 8],
  ["vgg38-bn", 8],
  ["vgg38-bn-rc", 8],
  ["vgg19", 32],
  ["resnet18", 16],
  ["resnet50", 16],
];
const OPTIMIZERS = { adam: () => adam(), sgd: () => sgd({ learningRate: 1e-3, weightDecay: 5e-4 }) };

for (const [network, size] of NETWORKS) {
  for (const [name, optimizer] of Object.entries(OPTIMIZERS)) {
    for (const amplified of [false, true]) {
      test(`${network}, ${name}${amplified ? ", amplified" : ""}: fifty steps are the same to the last bit`, async () => {
        const data = await smallSamples({ size, train: 46 });
        const group = /bn|resnet|vgg19/.test(network) ? "bn" : "relu";
        // Few enough layers that no network diverges; what happens then has tests of its own (non-finite.test.ts).
        const amplify = amplified ? { amplify: { group, ampRatio: 0.2, ampFactor: 2 } as const } : {};
        const go = (engine: "graph" | "eager") =>
          outcomeOf(
            network,
            { width: 4, size },
            data,
            // Five steps an epoch, the last one of six samples.
            { ...amplify, optimizer: optimizer(), epochs: 10, batchSize: 10, seed: 3, engine },
          );
        assertSameOutcome(await go("graph"), await go("eager"));
        data.dispose();
      });
    }
  }
}
