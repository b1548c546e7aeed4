import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { convolvesBFloat16 } from "../../src/tensorflow";
import { hasMatrixTiles, multipliesOnTiles } from "../../src/tensorflow/matrix-tiles";

const XEON =
  "processor\t: 0\nmodel name\t: Intel Xeon\nflags\t\t: fpu avx512f avx512_bf16 amx_bf16 avx512_fp16 amx_tile amx_int8\n";
const EPYC =
  "processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: fpu avx512f avx512_bf16 avx_vnni\nbugs\t\t: amx_bf16\n";

test("tiles are told by the processor's flags, and by what oneDNN may use", () => {
  assert.equal(multipliesOnTiles(XEON, undefined), true);
  for (const widest of ["", "DEFAULT", "AVX512_CORE_AMX", "avx512_core_amx_fp16"])
    assert.equal(multipliesOnTiles(XEON, widest), true, widest);
  for (const widest of ["AVX2", "AVX512_CORE_BF16", "AVX512_CORE_FP16"])
    assert.equal(multipliesOnTiles(XEON, widest), false, widest);
  for (const other of [EPYC, "", XEON.replace("amx_bf16", "amx_bf16x")])
    assert.equal(multipliesOnTiles(other, undefined), false);
});

test("where there are tiles bfloat16 is left to oneDNN's convolutions", () => {
  const widest = process.env["ONEDNN_MAX_CPU_ISA"];
  if (process.platform === "linux")
    assert.equal(hasMatrixTiles(), multipliesOnTiles(readFileSync("/proc/cpuinfo", "utf8"), widest));
  assert.ok(!(hasMatrixTiles() && convolvesBFloat16()));
});
