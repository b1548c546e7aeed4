interface LayerLike {
  name: string;
}
/** tfjs-layers, as far as it is used. */
export interface TfjsLayers {
  layers: { Layer: { prototype: object } };
  LayerVariable: { prototype: object };
}

/**
 * Names for layers and their weights that do not drift when a cell runs again.
 *
 * tfjs counts up for as long as the process lives: the model of a cell that runs a third time has layers dense_Dense3 and
 * weights kernel_2. Here a name is free again once nothing of that name is alive.
 */
export class LayerNames {
  readonly #variableNames: () => string[];
  readonly #onLayer: () => void;
  #living = new Set<WeakRef<LayerLike>>();
  /** Names that were in use at the last look, or have been given since. */
  #taken = new Set<string>();
  #counts = new Map<string, number>();

  /**
   * @param variableNames the names of the variables that are alive
   * @param onLayer told of every layer that is made
   */
  constructor(variableNames: () => string[], onLayer: () => void) {
    this.#variableNames = variableNames;
    this.#onLayer = onLayer;
  }

  /** Watches the layers of a copy of tfjs. */
  attach({ layers, LayerVariable }: TfjsLayers): void {
    const born = (layer: LayerLike) => {
      this.#living.add(new WeakRef(layer));
      this.#onLayer();
    };
    // The constructor of every layer sets this first.
    Object.defineProperty(layers.Layer.prototype, "_built", {
      configurable: true,
      set(this: LayerLike, value: boolean) {
        Object.defineProperty(this, "_built", { value, writable: true, enumerable: true, configurable: true });
        born(this);
      },
    });
    const unique = (name: string) => this.#unique(name);
    Object.defineProperty(LayerVariable.prototype, "name", {
      configurable: true,
      set(this: { originalName: string }) {
        const value = unique(this.originalName);
        Object.defineProperty(this, "name", { value, writable: true, enumerable: true, configurable: true });
      },
    });
  }

  /** Looks which names are in use; what was made before the last garbage collection and is gone frees its name. */
  refresh(): void {
    const alive = [...this.#living].flatMap((reference) => {
      const layer = reference.deref();
      return layer ? [{ reference, layer }] : [];
    });
    this.#living = new Set(alive.map(({ reference }) => reference));
    this.#taken = new Set(this.#variableNames());
    for (const { layer } of alive) {
      // "dense_Dense3" was made of "Dense3", "input2" is all there is.
      this.#taken.add(layer.name);
      this.#taken.add(layer.name.slice(layer.name.lastIndexOf("_") + 1));
    }
    this.#counts = new Map();
  }

  /** In place of tfjs's `getUid`. */
  readonly number = (prefix = ""): string => {
    let count = this.#counts.get(prefix) ?? 0;
    do count++;
    while (this.#taken.has(`${prefix}${count}`));
    this.#counts.set(prefix, count);
    return `${prefix}${count}`;
  };

  /**
   * The name of a weight. Symbolic tensors, which tfjs numbers in the same way, keep drifting: it caches by their names
   * in which order a model's layers are run.
   */
  #unique(name: string): string {
    let found = name;
    for (let count = 1; this.#taken.has(found); count++) found = `${name}_${count}`;
    this.#taken.add(found);
    return found;
  }
}
