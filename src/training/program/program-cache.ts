import type { Amplification } from "../../amplification";
import type { TrainingProgram } from "./training-program";

/**
 * The programs of a run: one for the model as it is, kept throughout, and one for the amplification at work, since
 * steps are traced with it.
 */
export class ProgramCache {
  #plain: TrainingProgram | null = null;
  #amplified: { readonly amplification: Amplification; readonly program: TrainingProgram } | null = null;

  constructor(readonly make: () => TrainingProgram) {}

  /** The program for an amplification that is on the model now, or for none. */
  for(amplification: Amplification | null): TrainingProgram {
    if (amplification === null) return (this.#plain ??= this.make());
    if (this.#amplified?.amplification !== amplification) {
      this.#amplified?.program.dispose();
      this.#amplified = { amplification, program: this.make() };
    }
    return this.#amplified.program;
  }

  dispose(): void {
    this.#plain?.dispose();
    this.#amplified?.program.dispose();
  }
}
