import { type Numbers } from "./numbers";
import type { PaperCheck } from "./published-row";

/** Claims of "Analysis of Vanishing gradient problem", beside what its numbers give. */
export function vgpClaims(numbers: Numbers): PaperCheck[] {
  return [...parameterCounts(numbers), ...batchNormAlone(numbers)];
}

/** 1 + 30 + 6 convolutions; normalising all but the input's adds 36 · 2 · 32 numbers, only those in blocks 30 · 2 · 32. */
function parameterCounts({ select }: Numbers): PaperCheck[] {
  const conv = (inputs: number, bias: number) => 3 * 3 * inputs * 32 + bias;
  const plain = (blocks: number) => conv(3, 0) + 64 + 2 * 3 * (blocks * conv(32, 0) + conv(32, 32)) + 32 * 100 + 100;
  const exact: Record<string, number> = {
    VGG08: plain(0),
    VGG38: plain(5),
    "VGG38 RC": plain(5),
    "VGG38 BN": plain(5) + 30 * 64,
    "VGG38 BN + RC": plain(5) + 36 * 64,
  };
  const notes: Record<string, string> = {
    "VGG38 BN": "batch norm in processing blocks only, as section 6 says",
    "VGG38 BN + RC": "batch norm after every convolution",
  };
  return select({ paper: "vgp", quantity: "parameters" }).map((row) => {
    const count = exact[row.model] ?? NaN;
    const note = notes[row.model];
    return {
      paper: "vgp",
      source: row.source,
      claim: `parameters of ${row.model}${note === undefined ? "" : ` (${note})`}`,
      printed: row.printed,
      recomputed: count.toLocaleString("en-US"),
      agrees: Math.abs(count - row.value) <= row.resolution,
    };
  });
}

function batchNormAlone({ one }: Numbers): PaperCheck[] {
  const of = (model: string, learningRate: number) =>
    one({ paper: "vgp", model, learningRate, quantity: "validationAccuracy" });
  const shallow = of("VGG08", 1e-3);
  return [
    ["VGG38 BN", 1e-2],
    ["VGG38 BN", 1e-3],
    ["VGG38 RC", 1e-3],
    ["VGG38 BN + RC", 1e-3],
    ["VGG38 BN + RC", 1e-2],
  ].map(([model, rate]) => {
    const deep = of(String(model), Number(rate));
    return {
      paper: "vgp",
      source: 'abstract: "enable a deeper model to outperform shallower ones"',
      claim: `validation accuracy of ${deep.model} (${Number(rate).toExponential()}) above VGG08's`,
      printed: `> ${shallow.printed} %`,
      recomputed: `${deep.printed} %`,
      agrees: deep.value > shallow.value,
    };
  });
}
