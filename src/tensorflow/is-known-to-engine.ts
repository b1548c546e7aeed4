import { tf } from "./loaded-tf";

/** Whether tfjs's engine still has a tensor's numbers: `tf.engine().reset()` forgets all tensors, which do not notice. */
export function isKnownToEngine({ dataId }: { readonly dataId: object }): boolean {
  const { state } = tf.engine() as unknown as { state: { tensorInfo: WeakMap<object, unknown> } };
  return state.tensorInfo.has(dataId);
}
