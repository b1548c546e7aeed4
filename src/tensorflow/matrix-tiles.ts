import { readFileSync } from "node:fs";

/** What oneDNN must be allowed to use for bfloat16 on tiles; names that it lets `ONEDNN_MAX_CPU_ISA` have. */
const WITH_TILES = /^(DEFAULT|ALL|\w*AMX\w*|AVX10_2\w*)$/i;

/**
 * Whether oneDNN multiplies bfloat16 by matrix tiles (Intel's AMX): the processor has them and nothing keeps oneDNN from
 * them.
 *
 * @param processors what Linux says of the processors, `/proc/cpuinfo`
 * @param widest `ONEDNN_MAX_CPU_ISA`, the widest instructions that oneDNN may use
 */
export function multipliesOnTiles(processors: string, widest: string | undefined): boolean {
  return /^flags\s*:.*\bamx_bf16\b/m.test(processors) && (!widest || WITH_TILES.test(widest));
}

let known: boolean | null = null;

/** {@link multipliesOnTiles} of this machine. */
export function hasMatrixTiles(): boolean {
  if (known === null) {
    let processors = "";
    try {
      processors = readFileSync("/proc/cpuinfo", "utf8");
    } catch {
      // Not Linux, where there are none that TensorFlow uses.
    }
    known = multipliesOnTiles(processors, process.env["ONEDNN_MAX_CPU_ISA"]);
  }
  return known;
}
