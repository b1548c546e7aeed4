import { type ModelUser, modelUsers, refuseIfUsed, useModel } from "../models/model-use";
import { type LayersModel, type layers, type Patch, tf } from "../tensorflow";

let installed = false;

/**
 * Lets tfjs's own ways to train and to free refuse where a run of gradamp's is training the model, or one that shares layers
 * with it, and a run where `fit` does. They would change or free under it what it trains, and neither would notice.
 */
export const guardedModels: Patch = {
  name: "guarded-models",
  changes:
    "methods `fit`, `fitDataset`, `trainOnBatch`, `setWeights`, `loadWeights` and `dispose` of `tf.LayersModel`, `tf.Sequential` and " +
    "`tf.layers.Layer`, and `tf.disposeVariables`",
  reason: "a model that a run is training is neither trained, changed nor freed by somebody else meanwhile",
  writtenFor: "tfjs 4.22",
  install() {
    if (installed) return;
    installed = true;
    for (const { prototype } of [tf.LayersModel, tf.Sequential]) guardTraining(prototype as unknown as Methods);
    for (const { prototype } of [tf.LayersModel, tf.layers.Layer]) {
      const { dispose } = prototype as layers.Layer;
      (prototype as layers.Layer).dispose = function (this: layers.Layer) {
        refuseIfUsed(this, "be disposed of");
        return dispose.call(this);
      };
    }
    for (const prototype of [
      tf.layers.Layer.prototype,
      Object.getPrototypeOf(tf.LayersModel.prototype),
      tf.LayersModel.prototype,
      tf.Sequential.prototype,
    ] as Methods[])
      // prettier-ignore
      for (const name of ["setWeights", "loadWeights"]) if (Object.hasOwn(prototype, name)) guardWeights(prototype, name);
    const engine = Object.getPrototypeOf(tf.engine()) as { disposeVariables(): void };
    const { disposeVariables } = engine;
    engine.disposeVariables = function () {
      const [user] = modelUsers();
      if (user)
        throw new Error(
          `Expected nothing to be trained where all variables are disposed of but ${user.what} is training model ` +
            `${user.model}: ${user.remedy}`,
        );
      disposeVariables.call(this);
    };
  },
};

/** Compiled steps hold on to the variables that they began with; op by op the optimizer would go on from other weights. */
function guardWeights(prototype: Methods, name: string): void {
  const original = prototype[name]!;
  prototype[name] = function (...values) {
    refuseIfUsed(this, "have its weights set", ({ fit }) => fit === true);
    return original.apply(this, values);
  };
}

type Methods = Record<string, (this: LayersModel, ...values: unknown[]) => unknown>;

function guardTraining(methods: Methods): void {
  for (const name of ["fit", "fitDataset"]) {
    const original = methods[name]!;
    methods[name] = async function (...values) {
      const user: ModelUser = { what: `model.${name}`, model: this.name, remedy: "await its promise", fit: true };
      const release = useModel(this, user);
      try {
        return await original.apply(this, values);
      } finally {
        release();
      }
    };
  }
  const { trainOnBatch } = methods as { trainOnBatch: Methods[string] };
  methods["trainOnBatch"] = async function (...values) {
    refuseIfUsed(this, "be trained by one at a time", ({ fit }) => fit === true);
    return trainOnBatch.apply(this, values);
  };
}
