import { setTimeout } from "node:timers/promises";
import { graphBinding, type Scalar, type Tensor, tf, type Variable } from "../tensorflow";
import { enqueue } from "./call-queue";
import { defineLoop } from "./define-loop";
import { DeviceCell } from "./device-cell";
import type { Loop, LoopBody, LoopCall, LoopOptions } from "./loop";
import { optimise } from "./passes/optimise";
import { type Precision, switchPrecision } from "./precision";
import type { Trace } from "./trace";
import { TraceCache, type TracedFunction } from "./trace-cache";

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
  readonly #cache: TraceCache;
  readonly #stop = new DeviceCell("int32", []);
  readonly #progress = new DeviceCell("int32", []);
  readonly #precision: Precision;
  readonly #readable: ReadonlyMap<Variable, DeviceCell>;
  #running = false;

  constructor(body: LoopBody, options: LoopOptions = {}) {
    const { readable = [], name = "loop", precision = "float32" } = options;
    this.#precision = precision;
    this.#readable = new Map(
      readable.map((variable) => [variable, new DeviceCell(variable.dtype as "float32", variable.shape)]),
    );
    const step = (...[index, ...inputs]: Tensor[]) => body(index as Scalar, ...inputs);
    const define = (trace: Trace) =>
      defineLoop(trace, { stop: this.#stop, progress: this.#progress, readable: this.#cellsOf(trace) }, name);
    const prepare = (trace: Trace) => optimise(trace, precision);
    this.#cache = new TraceCache(step, prepare, define, options.cacheSize ?? 4);
  }

  get traces(): number {
    return this.#cache.traces;
  }

  run(call: LoopCall): Promise<number> {
    return enqueue(() => this.#run(call));
  }

  read(variable: Variable): Float32Array {
    const cell = this.#readable.get(variable);
    if (!cell) throw new RangeError(`Expected a variable that the loop keeps readable but found ${variable.name}`);
    return this.#running ? cell.read() : variable.dataSync<"float32">();
  }

  dispose(): void {
    this.#cache.dispose();
    for (const cell of [this.#stop, this.#progress, ...this.#readable.values()]) cell.dispose();
  }

  async #run(call: LoopCall): Promise<number> {
    const { first, last, inputs } = call;
    if (first >= last || call.shouldStop?.()) return 0;
    const index = tf.scalar(first, "int32");
    const end = tf.scalar(last, "int32");
    try {
      const traced = this.#cache.get([index, ...inputs]);
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
    const running = graphBinding()!.executeAsync(defined.name, bound.inputIds(own), 1 + bound.writtenCount);
    this.#running = true;
    const over = running.then(
      () => true,
      () => true,
    );
    try {
      let seen = 0;
      while (!(await Promise.race([over, setTimeout(LOOK_EVERY, false)]))) {
        const done = this.#progress.read()[0]! - first;
        if (done > seen) onStep?.((seen = done));
        if (shouldStop?.()) this.#stop.set(1);
      }
      const [reached, ...values] = await running;
      watched.assertUnchanged();
      bound.store(values);
      const [tensor] = bound.tensors([reached!]);
      const done = tensor!.dataSync()[0]! - first;
      tensor!.dispose();
      if (done > seen) onStep?.(done);
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
