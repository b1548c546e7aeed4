import { setTimeout } from "node:timers/promises";
import { graphBinding, type Scalar, type Tensor, tf, type Variable, withStockOps } from "../../tensorflow";
import { Calls } from "../call-queue";
import { defineLoop } from "./define-loop";
import { checkInputs } from "../check-inputs";
import { isPlanning } from "../gpu-plan/noted-functions";
import { DeviceCell } from "../device-cell";
import { DeviceDraws } from "../device-draws";
import { type Loop, type LoopBody, type LoopCall, type LoopOptions, notReadable } from "./loop";
import { optimise } from "../passes/optimise";
import { type Precision, switchPrecision } from "../precision";
import { refuseInsideStep } from "../recorder";
import type { Trace } from "../trace";
import { TraceCache, type TracedFunction } from "../trace-cache";

/** How often a running call is looked at, in milliseconds. */
const LOOK_EVERY = 20;

/**
 * Runs a body as one TensorFlow function a call, off the event loop.
 *
 * While a call runs the process goes on: progress and the variables named in `readable` are read from cells that the
 * function writes after each step, and it is stopped through a cell that it reads before each step.
 */
export class GraphLoop implements Loop {
  readonly engine = "graph";
  readonly #name: string;
  readonly #precision: Precision;
  readonly #cache: TraceCache;
  readonly #stop: DeviceCell;
  readonly #progress: DeviceCell;
  readonly #readable: ReadonlyMap<Variable, DeviceCell>;
  readonly #draws: DeviceDraws;
  readonly #calls: Calls;
  #running = false;

  constructor(body: LoopBody, options: LoopOptions = {}) {
    const { readable = [], name = "loop", precision = "float32", compiler = "none", seed = 0, cacheSize = 4 } = options;
    refuseInsideStep("a loop");
    // What may refuse its options comes first: cells and variables have to be freed.
    const odd = readable.find(({ dtype }) => dtype !== "float32" && dtype !== "int32");
    if (odd) throw new TypeError(`Expected readable variables of float32 or int32 but ${odd.name} is ${odd.dtype}`);
    this.#name = name;
    this.#precision = precision;
    const plain = (...[index, ...inputs]: Tensor[]) => this.#draws.during(() => void body(index as Scalar, ...inputs));
    const step = compiler === "xla" ? (...inputs: Tensor[]) => withStockOps(() => plain(...inputs)) : plain;
    const define = (trace: Trace) =>
      defineLoop(trace, { stop: this.#stop, progress: this.#progress, readable: this.#cellsOf(trace) }, name);
    this.#cache = new TraceCache(step, (trace) => optimise(trace, precision, compiler, name), define, cacheSize);
    this.#draws = new DeviceDraws(seed);
    this.#stop = new DeviceCell("int32", []);
    this.#progress = new DeviceCell("int32", []);
    this.#readable = new Map(
      readable.map((variable) => [variable, new DeviceCell(variable.dtype as "float32", variable.shape)]),
    );
    this.#calls = new Calls(name, () => {
      this.#cache.dispose();
      this.#draws.dispose();
      for (const cell of [this.#stop, this.#progress, ...this.#readable.values()]) cell.dispose();
    });
  }

  get traces(): number {
    return this.#cache.traces;
  }

  async run(call: LoopCall): Promise<number> {
    refuseInsideStep("a loop");
    checkInputs(call.inputs, this.#name);
    return this.#calls.run(() => this.#run(call));
  }

  read(variable: Variable): Float32Array {
    const cell = this.#readable.get(variable);
    if (!cell) throw notReadable(variable);
    return this.#running ? cell.read() : variable.dataSync<"float32">();
  }

  dispose(): void {
    this.#calls.close();
  }

  async #run(call: LoopCall): Promise<number> {
    const { first, last, inputs } = call;
    if (first >= last || this.#calls.isClosed || call.shouldStop?.()) return 0;
    const index = tf.scalar(first, "int32");
    const end = tf.scalar(last, "int32");
    try {
      const traced = this.#cache.get([index, ...inputs]);
      if (isPlanning()) return last - first;
      this.#stop.set(0);
      this.#progress.set(first);
      for (const [variable, cell] of this.#readable) cell.write(variable);
      return await this.#execute(traced, call, [index, end, ...inputs]);
    } finally {
      tf.dispose([index, end]);
    }
  }

  async #execute({ bound, defined }: TracedFunction, call: LoopCall, own: readonly Tensor[]): Promise<number> {
    const { first, onStep, shouldStop } = call;
    const watched = bound.watch();
    switchPrecision(this.#precision);
    const { executeAsync } = graphBinding()!;
    const running = bound.call(own, (ids) => executeAsync(defined.name, ids, 1 + bound.writtenCount), 1);
    this.#running = true;
    const over = running.then(
      () => true,
      () => true,
    );
    let seen = 0;
    const tell = (done: number) => {
      if (done > seen) onStep?.((seen = done));
    };
    // A callback that throws must not leave the call behind, running on its own.
    const thrown: unknown[] = [];
    const guard = (callback: () => void) => {
      try {
        if (thrown.length === 0) callback();
      } catch (error) {
        thrown.push(error);
      }
    };
    try {
      while (!(await Promise.race([over, setTimeout(LOOK_EVERY, false)]))) {
        let stop = false;
        guard(() => {
          tell(this.#progress.read()[0]! - first);
          stop = shouldStop?.() ?? false;
        });
        if (stop || thrown.length > 0 || this.#calls.isClosed) this.#stop.set(1);
      }
      const [reached, ...values] = await running;
      watched.assertUnchanged([reached!, ...values]);
      const [tensor] = bound.tensors([reached!]);
      const done = tensor!.dataSync()[0]! - first;
      tensor!.dispose();
      bound.store(values, done);
      guard(() => tell(done));
      if (thrown.length > 0) throw thrown[0];
      return done;
    } finally {
      this.#running = false;
    }
  }

  #cellsOf(trace: Trace): { state: number; cell: DeviceCell }[] {
    return trace.state.flatMap(({ variable, after }, state) => {
      const cell = after && this.#readable.get(variable);
      return cell ? [{ state, cell }] : [];
    });
  }
}
