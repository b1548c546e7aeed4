import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A tensor, as far as its memory goes. */
interface Held {
  dataId: object;
  dtype: string;
  size: number;
  disposed: boolean;
}
interface TensorLike extends Held {
  name: string;
  shape: number[];
  dispose(): void;
}
interface Engine {
  state: {
    numBytes: number;
    gradientDepth: number;
    kernelDepth: number;
    activeTape: unknown[] | null;
    activeScope: object | null | undefined;
    registeredVariables: Record<string, TensorLike>;
  };
  endScope(): void;
  reset(): void;
  track(tensor: TensorLike): TensorLike;
  disposeTensor(tensor: Held): void;
}
/** tfjs-core, as far as it is used. */
export interface TfjsCore {
  engine(): Engine;
  env(): { set(flag: string, value: number): void; getNumber(flag: string): number };
  Tensor: { prototype: TensorLike };
  Variable: { prototype: TensorLike & { assign(value: TensorLike): void } };
}

/** How far device memory may grow before unused tensors are collected, in bytes. */
const much = 64e6;
/** How many models' orders of layers tfjs remembers; with them it holds the models. */
const orders = "TOPOLOGICAL_SORT_CACHE_MAX_ENTRIES";

/**
 * Frees tensors and variables that nothing refers to any more.
 *
 * tfjs keeps a tensor until somebody disposes of it. In a notebook that is nobody: a cell that runs again drops the model
 * that it made before. So tensors that are in no `tidy`, and variables, are freed when JavaScript's garbage collector
 * finds them unreachable; it does not feel their weight, so it is called when they have grown.
 */
export class DeviceMemory {
  readonly #held = new WeakMap<object, Held>();
  readonly #finalizers = new FinalizationRegistry<{ held: Held; engine: Engine }>(({ held, engine }) => {
    if (held.disposed) return;
    held.disposed = true;
    engine.disposeTensor(held);
  });
  readonly #copies: TfjsCore[] = [];
  readonly #variables = new Set<WeakRef<TensorLike>>();
  #bytes = 0;
  #made = 0;
  #madeBefore = 0;
  #collect: (() => void) | null = null;

  /** Watches a copy of tfjs. */
  attach(core: TfjsCore): void {
    const { Tensor, Variable } = core;
    const engine = core.engine();
    this.#copies.push(core);
    const letVariablesGo = () => (engine.state.registeredVariables = this.#weakRegistry(engine));
    letVariablesGo();
    const { reset } = engine;
    // It begins a new state.
    engine.reset = () => {
      reset.call(engine);
      letVariablesGo();
    };
    const { track } = engine;
    engine.track = (tensor) => {
      track.call(engine, tensor);
      // What is in a scope is freed with it, unless it is handed out, and then it comes here again.
      if (!engine.state.activeScope) this.#hold(tensor, engine);
      return tensor;
    };
    const noteDisposal = (prototype: TensorLike) => {
      const { dispose } = prototype;
      const held = this.#held;
      prototype.dispose = function () {
        const known = held.get(this);
        if (known) known.disposed = true;
        dispose.call(this);
      };
    };
    noteDisposal(Tensor.prototype);
    noteDisposal(Variable.prototype);
    const { assign } = Variable.prototype;
    const held = this.#held;
    Variable.prototype.assign = function (value) {
      assign.call(this, value);
      const known = held.get(this);
      if (known) known.dataId = this.dataId;
    };
  }

  /** Something was made that may hold memory on the device. */
  note(): void {
    this.#made++;
  }

  /** Whether anything was made since the last look that a cell that runs again may have dropped. */
  get hasGrown(): boolean {
    return this.#made > this.#madeBefore || this.#total() > this.#bytes;
  }

  /** Whether so much was made since the last look that one is due. */
  get hasGrownMuch(): boolean {
    return this.#total() > this.#bytes + much;
  }

  /** Frees what nothing refers to. */
  async collect(): Promise<void> {
    // Until the turn ends, what was just dropped may still be on the stack.
    await nextTurn();
    for (const copy of this.#copies) forgetOrders(copy);
    this.#collector()();
    // Finalizers run in turns of their own.
    await nextTurn();
    await nextTurn();
    for (const reference of this.#variables) if (!reference.deref()) this.#variables.delete(reference);
    this.#bytes = this.#total();
    this.#madeBefore = this.#made;
  }

  /** Ends the scopes of code that was broken off, which could not end them itself. */
  leaveScopes(): void {
    for (const copy of this.#copies) {
      const engine = copy.engine();
      while (engine.state.activeScope) engine.endScope();
      Object.assign(engine.state, { gradientDepth: 0, kernelDepth: 0, activeTape: null });
    }
  }

  /** The names of the variables that are alive. */
  variableNames(): string[] {
    return [...this.#variables].flatMap((reference) => reference.deref()?.name ?? []);
  }

  #total(): number {
    return this.#copies.reduce((sum, copy) => sum + copy.engine().state.numBytes, 0);
  }

  #hold(tensor: TensorLike, engine: Engine): void {
    if (this.#held.has(tensor)) return;
    const { dataId, dtype, size } = tensor;
    const held = { dataId, dtype, size, disposed: false };
    this.#held.set(tensor, held);
    this.#finalizers.register(tensor, { held, engine });
  }

  /** What `engine.registeredVariables` was, but it keeps no variable alive. */
  #weakRegistry(engine: Engine): Record<string, TensorLike> {
    const references = new Map<string, WeakRef<TensorLike>>();
    const alive = () => [...references].flatMap(([name, reference]) => (reference.deref() ? [name] : []));
    return new Proxy<Record<string, TensorLike>>(
      {},
      {
        get: (_, name) => references.get(name as string)?.deref(),
        has: (_, name) => references.get(name as string)?.deref() !== undefined,
        set: (_, name, variable: TensorLike) => {
          const reference = new WeakRef(variable);
          references.set(name as string, reference);
          this.#variables.add(reference);
          this.#made++;
          this.#hold(variable, engine);
          return true;
        },
        deleteProperty: (_, name) => {
          references.delete(name as string);
          return true;
        },
        ownKeys: alive,
        getOwnPropertyDescriptor: (_, name) => {
          const value = references.get(name as string)?.deref();
          return value && { value, writable: true, enumerable: true, configurable: true };
        },
      },
    );
  }

  /** V8's garbage collector, without a flag that the cells' code would see. */
  #collector(): () => void {
    if (!this.#collect) {
      setFlagsFromString("--expose-gc");
      this.#collect = runInNewContext("gc") as () => void;
      setFlagsFromString("--no-expose-gc");
    }
    return this.#collect;
  }
}

function forgetOrders({ env }: TfjsCore): void {
  try {
    const most = env().getNumber(orders);
    env().set(orders, 0);
    env().set(orders, most);
  } catch {
    // Without tfjs-layers there is no such flag.
  }
}
