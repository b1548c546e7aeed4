import { isKnownToEngine, type LayersModel } from "../tensorflow";

/**
 * @throws {Error} if a model's weights were freed: by `dispose`, or with everything else by `tf.engine().reset()`
 */
export function refuseFreed(model: LayersModel): void {
  const freed = model.weights.find((weight) => {
    const { val } = weight as unknown as { val: { isDisposed: boolean; dataId: object } };
    return val.isDisposed || !isKnownToEngine(val);
  });
  if (!freed) return;
  throw new Error(
    `Expected model ${model.name} to have its weights but ${freed.originalName} was freed, by dispose or by ` +
      "tf.engine().reset(), which frees every tensor: build the model anew",
  );
}
