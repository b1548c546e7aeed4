import type { NetworkDescription } from "./describe-network";
import type { EngineVariant, Precision } from "./engines";
import { interleave } from "./interleave";
import { launch } from "./launch";
import { quantile } from "./summarise";

/** What a machine does at most, measured in TensorFlow: medians of the repeats. */
export interface Peak {
  /** Floating-point operations a second of a large matrix product. */
  readonly float32: number;
  /** The same in bfloat16. */
  readonly bfloat16: number;
  /** Bytes read plus bytes written a second where memory far beyond any cache is copied on all cores. */
  readonly copy: number;
}

/** Side of the square matrices, and bytes of what is copied. */
export function peakSizes(tiny: boolean): { side: number; bytes: number } {
  return tiny ? { side: 256, bytes: 2 ** 18 } : { side: 4096, bytes: 2 ** 28 };
}

/** Measures the peak, in turn; `network` only says whether all is tiny. */
export async function measurePeak(
  network: NetworkDescription,
  options: { repeats: number; tiny: boolean },
): Promise<Peak> {
  const { side, bytes } = peakSizes(options.tiny);
  const start = (variant: "product" | "copy", precision: Precision) => {
    const entry: EngineVariant = { engine: "peak", variant, precision, program: "steps/peak.js" };
    return launch(entry, network)!;
  };
  const runners = [start("product", "float32"), start("product", "bfloat16"), start("copy", "float32")];
  const measured = await interleave(runners, { repeats: options.repeats, seconds: 0, steps: 1, pause: 100 });
  const [float32 = 0, bfloat16 = 0, copy = 0] = runners.map((runner) => {
    const result = measured.get(runner)!;
    if ("failure" in result) throw result.failure;
    return 1000 / quantile(result.runs, 0.5);
  });
  const flops = 2 * side ** 3;
  return { float32: flops * float32, bfloat16: flops * bfloat16, copy: 2 * bytes * copy };
}
