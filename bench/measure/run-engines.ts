import type { NetworkDescription } from "./describe-network";
import { engineNames, ENGINES, type EngineVariant } from "./engines";
import { interleave } from "./interleave";
import { device, launch } from "./launch";
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
  // On a processor XLA is measured where it is asked for alone: it takes minutes to compile.
  const isNamed = engines.length < engineNames.length;
  return ENGINES.filter(
    ({ engine, precision }) =>
      engines.includes(engine) &&
      precisions.includes(precision) &&
      (device() === "gpu" || (precision !== "tf32" && (engine !== "graph.xla" || isNamed))),
  );
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
  for (const variant of wantedVariants(options)) {
    const runner = launch(variant, network);
    if (runner) variants.set(runner, variant);
    else leave(variant, new Unavailable("GRADAMP_BENCH_PYTHON names no Python with torch, tensorflow and keras"));
  }
  const measured = await interleave([...variants.keys()], {
    repeats: options.repeats,
    seconds: options.seconds,
    steps: 3,
    pause: options.tiny ? 0 : 250,
    rivals: (runner) => {
      const { engine, precision } = variants.get(runner as MeasuringProcess)!;
      return `${engine} ${precision}`;
    },
    onRepeat: ({ label }) => onRepeat(label),
  });
  const times = [...variants].flatMap(([runner, variant]) => {
    const result = measured.get(runner)!;
    if ("failure" in result) leave(variant, result.failure);
    Object.assign(versions, runner.ready?.versions);
    return "runs" in result ? [{ ...variant, runs: result.runs }] : [];
  });
  return { rows: pickFastest(network, times), leftOut, versions };
}
