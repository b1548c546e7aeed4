import { type Tensor, tf, type Variable } from "../tensorflow";

interface Engine {
  makeVariable(initial: Tensor, ...rest: unknown[]): Variable;
  keep(tensor: Tensor): Tensor;
  disposeVariable(variable: Variable): void;
}

/** Sees what a step leaves behind in tfjs: the variables that it makes, and the tensors that outlive their tidy. */
export class EngineWatch<Initial> {
  readonly made: { readonly variable: Variable; readonly initial: Initial }[] = [];
  /** By `tf.keep`, and for gradients that are still to be computed. */
  readonly kept: Tensor[] = [];

  /**
   * @param initialOf asked about each variable at the moment that it is made
   * @param refuse makes the error for a step that disposes of a variable from outside, which stays as it is
   */
  constructor(
    readonly initialOf: (variable: Variable) => Initial,
    readonly refuse: (message: string) => Error,
  ) {}

  watch<Result>(step: () => Result): Result {
    const engine = tf.engine() as unknown as Engine;
    const { makeVariable, keep, disposeVariable } = engine;
    Object.assign(engine, {
      makeVariable: (...args: Parameters<typeof makeVariable>) => {
        const variable = makeVariable.apply(engine, args);
        this.made.push({ variable, initial: this.initialOf(variable) });
        return variable;
      },
      keep: (tensor: Tensor) => {
        this.kept.push(tensor);
        return keep.call(engine, tensor);
      },
      disposeVariable: (variable: Variable) => {
        if (!this.made.some((entry) => entry.variable === variable)) {
          throw this.refuse(
            `Expected a traced step to leave variables alone but it disposes of variable ${variable.name}: do so outside of it`,
          );
        }
        disposeVariable.call(engine, variable);
      },
    });
    try {
      return step();
    } finally {
      // Uncovers the methods of its class.
      for (const name of ["makeVariable", "keep", "disposeVariable"]) Reflect.deleteProperty(engine, name);
    }
  }
}
