import type { LayersModel } from "../tensorflow";
import { namedLayers } from "./named-layers";
import { wrapCall } from "./wrap-call";

/**
 * Applies a model; what one of its layers throws says which layer that was.
 *
 * Layers are looked at only where the model has failed, by applying it once more.
 */
export function applyNaming<Result>(model: LayersModel, apply: () => Result): Result {
  try {
    return apply();
  } catch (error) {
    const layer = failingLayer(model, apply);
    throw layer === null ? error : prefixed(error, `Layer ${layer}`);
  }
}

/** The same error, whose message says first of what it is. */
export function prefixed(error: unknown, what: string): unknown {
  if (!(error instanceof Error) || error.message.startsWith(what)) return error;
  const { message, stack } = error;
  error.message = `${what}: ${message}`;
  // The stack was written with the message as it was.
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
  return error;
}

/** The innermost layer in whose call something is thrown. */
function failingLayer(model: LayersModel, apply: () => unknown): string | null {
  let failing: string | null = null;
  const undo = namedLayers(model, { models: true }).map(({ layer, name }) =>
    wrapCall(layer, (call) => (inputs, kwargs) => {
      try {
        return call(inputs, kwargs);
      } catch (error) {
        failing ??= name;
        throw error;
      }
    }),
  );
  try {
    apply();
  } catch {
    // It has been thrown already.
  } finally {
    for (const each of undo) each();
  }
  return failing;
}
