import type { StepRunner } from "./measuring-process";

/**
 * Keeps processes alive between their turns as long as memory lasts.
 *
 * Where the next one would not fit, the one that ran last is stopped and started anew for its next turn: with turns that
 * go round, it is the one that is needed last. Ten engines of ResNet-50 at batch 128 would hold some 60 GB between them.
 */
export class RoomKeeper {
  /** Alive, the one that ran last at the end. */
  readonly #alive: StepRunner[] = [];
  readonly #peaks = new Map<StepRunner, number>();

  /**
   * @param available bytes that may still be taken, null where that is not known
   * @param reserve bytes that are left to others
   */
  constructor(
    readonly available: () => number | null,
    readonly reserve: number,
  ) {}

  /** Sees to it that a runner is alive and has room; true where it was started now. */
  async provide(runner: StepRunner): Promise<boolean> {
    const memory = runner.memory();
    // Of one that has not run yet the worst is feared that others have shown.
    const peak = this.#peaks.get(runner) ?? Math.max(0, ...this.#peaks.values());
    const wanted = Math.max(0, peak - (memory?.held ?? 0)) + this.reserve;
    for (let room = this.available(); room !== null && room < wanted; room = this.available()) {
      const last = this.#alive.filter((other) => other !== runner).at(-1);
      if (!last) break;
      await this.release(last);
    }
    const fresh = !this.#alive.includes(runner);
    if (fresh) await runner.start();
    else this.#alive.splice(this.#alive.indexOf(runner), 1);
    this.#alive.push(runner);
    return fresh;
  }

  /** Notes what a runner holds after it has run. */
  note(runner: StepRunner): void {
    const memory = runner.memory();
    if (memory) this.#peaks.set(runner, memory.peak);
  }

  async release(runner: StepRunner): Promise<void> {
    const at = this.#alive.indexOf(runner);
    if (at >= 0) this.#alive.splice(at, 1);
    await runner.stop();
  }

  async releaseAll(): Promise<void> {
    for (const runner of [...this.#alive]) await this.release(runner);
  }
}
