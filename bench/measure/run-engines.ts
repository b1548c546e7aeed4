import type { NetworkDescription } from "./describe-network";
import { ENGINES, type EngineVariant } from "./engines";
import { interleave } from "./interleave";
import { launch } from "./launch";
import { type MeasuringProcess, Unavailable } from "./measuring-process";
import type { BenchOptions } from "./parse-options";
import { pickFastest } from "./pick-fastest";
import type { LeftOut, Row } from "./row";

export interface EngineResults {
  readonly rows: Row[];
  readonly leftOut: LeftOut[];
  readonly versions: Record<string, string>;
}

/** The variants that the command line asks for. */
export function wantedVariants({ engines, precisions }: Pick<BenchOptions, "engines" | "precisions">): EngineVariant[] {
  return ENGINES.filter(({ engine, precision }) => engines.includes(engine) && precisions.includes(precision));
}

/** Measures all that was asked for on one network: every process is started, then they are timed in turn. */
export async function runEngines(
  network: NetworkDescription,
  options: BenchOptions,
  onRepeat: (label: string) => void,
): Promise<EngineResults> {
  const variants = new Map<MeasuringProcess, EngineVariant>();
  const leftOut: LeftOut[] = [];
  const versions: Record<string, string> = {};
  const leave = (variant: EngineVariant, error: Error) =>
    leftOut.push({
      network: network.network,
      what: [variant.engine, variant.precision, variant.variant].filter(Boolean).join(" "),
      why: error.message,
      failed: !(error instanceof Unavailable),
    });
  try {
    for (const variant of wantedVariants(options)) {
      const runner = launch(variant, network);
      onRepeat(runner?.label ?? variant.engine);
      try {
        if (!runner) throw new Unavailable("GRADAMP_BENCH_PYTHON names no Python with torch, tensorflow and keras");
        variants.set(runner, variant);
        await runner.start();
        const { parameters, versions: own } = runner.ready!;
        if (parameters !== null && parameters !== network.parameters)
          throw new Error(`Expected ${network.parameters} trainable parameters but ${runner.label} has ${parameters}`);
        Object.assign(versions, own);
      } catch (error) {
        leave(variant, error as Error);
        if (runner) variants.delete(runner);
        await runner?.stop();
      }
    }
    const runners = [...variants.keys()];
    const measured = await interleave(runners, {
      repeats: options.repeats,
      seconds: options.seconds,
      ...{ steps: 3, pause: options.tiny ? 0 : 250, onRepeat },
    });
    const times = [...measured].flatMap(([runner, result]) => {
      const variant = variants.get(runner as MeasuringProcess)!;
      if ("runs" in result) return [{ ...variant, runs: result.runs }];
      leave(variant, result.failure);
      return [];
    });
    return { rows: pickFastest(network, times), leftOut, versions };
  } finally {
    for (const runner of variants.keys()) await runner.stop();
  }
}
