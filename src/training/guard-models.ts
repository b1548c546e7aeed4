import { type ModelUser, modelUsers, refuseIfUsed, useModel } from "../models/model-use";
import { type LayersModel, type layers, tf } from "../tensorflow";

type Method = (this: LayersModel, ...values: unknown[]) => unknown;

/** tfjs's ways of training a model, of which the first two go on for a while. */
const TRAINS = ["fit", "fitDataset", "trainOnBatch"] as const;

let installed = false;

/**
 * Lets tfjs's own `fit`, `fitDataset`, `trainOnBatch`, `dispose` and `tf.disposeVariables` refuse where a run of gradamp's
 * is training the model, or one that shares layers with it, and a run where `fit` does.  They would change or free under it
 * what it trains, and neither would notice.  Done once, when gradamp is imported.
 */
export function guardModels(): void {
  if (installed) return;
  installed = true;
  for (const { prototype } of [tf.LayersModel, tf.Sequential]) {
    const methods = prototype as unknown as Record<string, Method>;
    for (const name of TRAINS) {
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
  }
  for (const { prototype } of [tf.LayersModel, tf.layers.Layer]) {
    const { dispose } = prototype as layers.Layer;
    (prototype as layers.Layer).dispose = function (this: layers.Layer) {
      refuseIfUsed(this, "be disposed of");
      return dispose.call(this);
    };
  }
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
}
