import { addedWork, type FeatureSettings } from "./added-work";
import type { NetworkDescription } from "./describe-network";
import { ENGINES, type EngineVariant } from "./engines";
import { launch } from "./launch";
import { measurePairs } from "./measure-pairs";
import { Unavailable } from "./measuring-process";
import type { NetworkName } from "./networks";
import type { CostRow, LeftOut } from "./row";
import type { Task } from "./task";

interface Feature {
  readonly feature: string;
  readonly atLeast: number | null;
  readonly on: FeatureSettings & Pick<Task, "watch">;
  /** What is measured without it, too; nothing by default. */
  readonly off?: FeatureSettings;
}

/** What the one-per-cent rows compare with a run that neither amplifies nor measures; the first is such a run itself. */
export const FEATURES: readonly Feature[] = [
  { feature: "nothing (control)", atLeast: null, on: {} },
  { feature: "amplification, β = 0.3", atLeast: 0.99, on: { amplify: { group: "relu", ampRatio: 0.3 } } },
  {
    feature: "gradient flow each epoch",
    atLeast: 0.99,
    on: { measure: { statistics: ["gradientFlow"], reduce: "last" } },
  },
  {
    feature: "directionality epoch",
    atLeast: 0.97,
    on: { measure: { statistics: ["directionality"], reduce: "last" } },
  },
  {
    feature: "live dashboard",
    atLeast: 0.99,
    on: { measure: { statistics: ["gradientFlow"], reduce: "last" }, watch: true },
    off: { measure: { statistics: ["gradientFlow"], reduce: "last" } },
  },
];

/** The networks of the cost rows, and the steps of the epochs that are timed: a second or two. */
export const COST_STEPS: Partial<Record<NetworkName, number>> = { vgg08: 50, "vgg38-bn": 10 };

/** The compiled engine where this version has it, else the eager one. */
async function engineOf(network: NetworkDescription): Promise<EngineVariant> {
  const [graph, eager] = (["graph", "eager"] as const).map((name) =>
    ENGINES.find(({ engine, precision }) => engine === name && precision === "float32")!,
  ) as [EngineVariant, EngineVariant];
  const trial = launch(graph, network)!;
  try {
    await trial.start();
    return graph;
  } catch (error) {
    if (error instanceof Unavailable) return eager;
    throw error;
  } finally {
    await trial.stop();
  }
}

/** What amplifying and measuring cost on one network, one feature after the other. */
export async function runCosts(
  network: NetworkDescription,
  options: { pairs: number; tiny: boolean },
  onPair: (label: string) => void,
): Promise<{ costs: CostRow[]; leftOut: LeftOut[] }> {
  const variant = await engineOf(network);
  const steps = options.tiny ? 3 : COST_STEPS[network.network]!;
  const costs: CostRow[] = [];
  const leftOut: LeftOut[] = [];
  for (const { feature, atLeast, on, off } of FEATURES) {
    try {
      const ratio = await measurePairs(
        () => ({
          subject: launch(variant, network, { steps, ...on })!,
          other: launch(variant, network, { steps, ...off })!,
        }),
        { pairs: options.pairs, steps, pause: options.tiny ? 0 : 100, onPair: () => onPair(feature) },
      );
      const added = variant.engine === "graph" ? addedWork(network, steps, on, off) : null;
      costs.push({ network: network.network, engine: variant.engine, feature, steps, atLeast, added, ...ratio });
    } catch (error) {
      const failed = !(error instanceof Unavailable);
      leftOut.push({ network: network.network, what: feature, why: (error as Error).message, failed });
      for (let pair = 0; pair < options.pairs; pair++) onPair(feature);
    }
  }
  return { costs, leftOut };
}
