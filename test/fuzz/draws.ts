import { random } from "../../src/datasets/batches/random";

/** Choices that follow from a seed. */
export class Draws {
  readonly #random;

  constructor(...keys: readonly number[]) {
    this.#random = random(...keys);
  }

  integer(below: number): number {
    return this.#random.integer(below);
  }

  /** Whether something happens that does so with a probability. */
  chance(probability: number): boolean {
    return this.#random.uniform(0, 1) < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.#random.integer(choices.length)]!;
  }

  /** Some of the choices, in order. */
  some<T>(choices: readonly T[], probability: number): T[] {
    return choices.filter(() => this.chance(probability));
  }
}
