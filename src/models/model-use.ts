import type { LayersModel, layers } from "../tensorflow";
import { everyLayer } from "./inner-layers";

/** Who changes a model's weights for a while. */
export interface ModelUser {
  /** Names it in errors: `run "baseline"`, say. */
  readonly what: string;
  /** The model, by name. */
  readonly model: string;
  /** How it ends, as errors advise. */
  readonly remedy: string;
  /** Whether it is tfjs's own `fit`, of which tfjs itself refuses a second one. */
  readonly fit?: boolean;
}

const uses = new Set<{ readonly user: ModelUser; readonly layers: ReadonlySet<unknown> }>();

/** Layers whose use by two at once harms neither. */
const HARMLESS = new Set(["InputLayer"]);

/**
 * Notes that someone changes a model, so that nobody else may until the use is given back; the same user may note it
 * again.
 *
 * @returns what gives the use back; may be called twice
 * @throws {Error} if the model, or one that shares layers with it, is in use; the message names the user
 */
export function useModel(model: LayersModel, user: ModelUser): () => void {
  refuseIfUsed(
    model,
    "be trained by one at a time",
    (other) => other === user || (other.fit === true && user.fit === true),
  );
  const layers = new Set([...everyLayer(model)].filter((layer) => !HARMLESS.has(layer.getClassName())));
  const use = { user, layers };
  uses.add(use);
  return () => void uses.delete(use);
}

/**
 * @param what is to be done with the model: `Expected m to …`
 * @param except users beside whom it may be done
 * @throws {Error} if someone else changes the model, or one that shares layers with it
 */
export function refuseIfUsed(
  model: LayersModel | layers.Layer,
  what: string,
  except: (user: ModelUser) => boolean = () => false,
): void {
  if (uses.size === 0) return;
  const own = everyLayer(model);
  for (const { user, layers } of uses) {
    if (except(user)) continue;
    const shared = [...own].find((layer) => layers.has(layer));
    if (!shared) continue;
    const whole = layers.has(model) || model.name === user.model;
    const which = whole ? "it" : `model ${user.model}, which shares layer ${shared.name} with it`;
    throw new Error(`Expected ${model.name} to ${what} but ${user.what} is training ${which}: ${user.remedy}`);
  }
}

/** Who changes a model now, or one that shares layers with it; null for nobody. */
export function modelUser(model: LayersModel): ModelUser | null {
  if (uses.size === 0) return null;
  const own = [...everyLayer(model)];
  return [...uses].find(({ layers }) => own.some((layer) => layers.has(layer)))?.user ?? null;
}

/** All who change a model now. */
export function modelUsers(): ModelUser[] {
  return [...uses].map(({ user }) => user);
}
