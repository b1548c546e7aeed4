import { type Patch, tf } from "../tensorflow";
import { GroupNormalization } from "./group-normalization";
import { DeltaOrthogonal } from "./orthogonal";
import { StochasticDepth } from "./stochastic-depth";

type Registered = Parameters<typeof tf.serialization.registerClass>[0];

const CLASSES = [GroupNormalization, DeltaOrthogonal, StochasticDepth] as unknown as readonly Registered[];

/** Lets tfjs build models again whose layers or initializers are gradamp's own. */
export const registeredLayers: Patch = {
  name: "registered-layers",
  changes:
    "the classes that `tf.serialization` knows: `GroupNormalization`, `DeltaOrthogonal` and `StochasticDepth`, added",
  reason: "a saved model with one of them is built again by `tf.loadLayersModel`",
  writtenFor: "tfjs 4.22",
  install() {
    for (const each of CLASSES) tf.serialization.registerClass(each);
  },
};
