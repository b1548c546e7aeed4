import type { PaperCheck, PublishedRow } from "./published-row";

type Where = Partial<Record<keyof PublishedRow, string | number | null>>;

const percent = (value: number) => `${(value * 100).toFixed(2)} %`;

/** Claims that the papers make in words or across tables, each beside what their numbers give. */
export function checkClaims(rows: readonly PublishedRow[]): PaperCheck[] {
  const select = (where: Where) =>
    rows.filter((row) => Object.entries(where).every(([key, value]) => row[key as keyof PublishedRow] === value));
  const values = (where: Where) => select(where).map((row) => row.value);
  const one = (where: Where): PublishedRow => {
    const [row] = select(where);
    if (row === undefined)
      throw new RangeError(`Expected a published number for ${JSON.stringify(where)} but found none`);
    return row;
  };
  return [
    ...parameterCounts(select),
    ...batchNormAlone(one),
    ...bestOfPhaseOne(one, values),
    ...phaseOneBounds(values),
    ...sameNumbersInBothPapers(one),
    ...runningTime(select, values, one),
    ...deeperThanRandom(select, one),
    ...meanOfBest(one, values),
  ];
}

type Select = (where: Where) => PublishedRow[];
type One = (where: Where) => PublishedRow;
type Values = (where: Where) => number[];

/** 1 + 30 + 6 convolutions; normalising all but the input's adds 36 · 2 · 32 numbers, only those in blocks 30 · 2 · 32. */
function parameterCounts(select: Select): PaperCheck[] {
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

function batchNormAlone(one: One): PaperCheck[] {
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

function bestOfPhaseOne(one: One, values: Values): PaperCheck[] {
  return ["VGG-19", "ResNet-18", "ResNet-34"].map((model) => {
    const quantity = "testAccuracyImprovement";
    const stated = one({ paper: "ga", model, statistic: "best", quantity });
    const best = Math.max(...values({ paper: "ga", model, quantity, statistic: "best over ratios" }));
    return {
      paper: "ga",
      source: stated.source,
      claim: `${model}: the best test improvement of table 1 is the best of section 4.2.1`,
      printed: `${stated.printed} %`,
      recomputed: percent(best),
      agrees: Math.abs(best - stated.value) <= 2 * stated.resolution,
    };
  });
}

function phaseOneBounds(values: Values): PaperCheck[] {
  const claims: [model: string, groups: string[], params: string[], sign: 1 | -1, bound: number, words: string][] = [
    ["VGG-19", ["bn+relu"], [], -1, 0.01, "less than 1% when both layers are used"],
    ["ResNet-18", ["bn", "relu"], ["S2_0.1_xx", "S2_0.3_xx"], 1, 0.013, "more than 1.3% for S2_0.1_xx, S2_0.3_xx"],
    ["ResNet-18", ["bn", "relu"], ["S2_0.5_xx", "S2_0.6_xx"], -1, 0.01, "less than 1% for S2_0.5_xx, S2_0.6_xx"],
    ["ResNet-18", ["one-bn-per-block"], [], 1, 0.013, "more than 1.3% for all params"],
    ["ResNet-34", ["bn"], ["S2_0.1_xx"], 1, 0.01, "more than 1% for S2_0.1_xx"],
    ["ResNet-34", ["one-bn-per-block"], [], 1, 0.012, "more than 1.2% for all params"],
  ];
  return claims.map(([model, groups, params, sign, bound, words]) => {
    const all = ["S2_0.1_xx", "S2_0.3_xx", "S2_0.5_xx", "S2_0.6_xx"];
    const found = groups.flatMap((group) =>
      (params.length > 0 ? params : all).flatMap((param) =>
        values({ paper: "ga", model, group, params: param, quantity: "testAccuracyImprovement" }),
      ),
    );
    const worst = sign > 0 ? Math.min(...found) : Math.max(...found);
    return {
      paper: "ga",
      source: "section 4.2.1 (phase 1)",
      claim: `${model}, ${groups.join(" and ")}: "${words}"`,
      printed: `${sign > 0 ? ">" : "<"} ${(bound * 100).toFixed(1)} %`,
      recomputed: percent(worst),
      agrees: sign * (worst - bound) > 0,
    };
  });
}

function sameNumbersInBothPapers(one: One): PaperCheck[] {
  const pairs: [string, Where, Where][] = [
    ["original", { method: "original", quantity: "testAccuracy" }, { method: "original", quantity: "testAccuracy" }],
    ["amplified", { statistic: "best", quantity: "testAccuracy" }, { method: "random", quantity: "testAccuracy" }],
    [
      "improvement",
      { statistic: "best", quantity: "testAccuracyImprovement" },
      { method: "random", quantity: "testAccuracyImprovement" },
    ],
  ];
  return ["VGG-19", "ResNet-18", "ResNet-34"].flatMap((model) =>
    pairs.map(([what, then, now]) => {
      const first = one({ paper: "ga", model, ...then });
      const second = one({ paper: "iga", model, dataset: "cifar-10", ...now });
      return {
        paper: "iga",
        source: second.source,
        claim: `${model}: the ${what} ${what === "improvement" ? "" : "accuracy "}of the 2020 paper, quoted`,
        printed: `${second.printed} %`,
        recomputed: `${first.printed} % (2020)`,
        agrees: Math.abs(first.value - second.value) <= first.resolution + second.resolution + 1e-9,
      };
    }),
  );
}

function runningTime(select: Select, values: Values, one: One): PaperCheck[] {
  const overheads = select({ paper: "iga", quantity: "minutesOverhead" });
  const above = overheads.filter((row) => row.value >= 0.02);
  const minutes = select({ paper: "iga", quantity: "minutes" }).filter((row) => row.method !== "original");
  const extra = minutes.map((row) => {
    const { dataset, model } = row;
    return row.value - one({ paper: "iga", method: "original", quantity: "minutes", dataset, model }).value;
  });
  const within = extra.filter((value) => value >= 1 && value <= 3).length;
  return [
    {
      paper: "iga",
      source: 'section 5.4: "closer (less than 2% increment) to original models"',
      claim: `every overhead is below 2 %; ${above.length} of ${overheads.length} are not`,
      printed: "< 2 %",
      recomputed: percent(Math.max(...values({ paper: "iga", quantity: "minutesOverhead" }))),
      agrees: above.length === 0,
    },
    {
      paper: "iga",
      source: 'section 5.4: "increases the training times by only 1-3 minutes for all the models in most of the cases"',
      claim: `most amplified runs take 1 to 3 minutes more; differences lie between ${Math.min(...extra).toFixed(2)} and ${Math.max(...extra).toFixed(2)} minutes`,
      printed: `> ${extra.length / 2} of ${extra.length}`,
      recomputed: `${within} of ${extra.length}`,
      agrees: within > extra.length / 2,
    },
  ];
}

function deeperThanRandom(select: Select, one: One): PaperCheck[] {
  return ["original", "random"].flatMap((reference) =>
    ["ResNet-50", "ResNet-101"].map((model) => {
      const of = { paper: "iga", dataset: "cifar-10", model, quantity: "testAccuracy" };
      const base = one({ ...of, method: reference }).value;
      const gains = select(of)
        .filter((row) => /case/.test(row.method))
        .map((row) => row.value - base);
      return {
        paper: "iga",
        source:
          'section 5.5: "Resnet-50 and resnet-101 more than 2% improvement than original as well as randomly amplified"',
        claim: `${model}, cifar-10: the least gain of the four over ${reference}`,
        printed: "> 2 %",
        recomputed: percent(Math.min(...gains)),
        agrees: Math.min(...gains) > 0.02,
      };
    }),
  );
}

/** "~": within a tenth of the number. */
function meanOfBest(one: One, values: Values): PaperCheck[] {
  return ["cifar-10", "cifar-100"].map((dataset) => {
    const stated = one({ paper: "iga", dataset, statistic: "about" });
    const models = ["VGG-19", "ResNet-18", "ResNet-34", "ResNet-50", "ResNet-101"];
    const best = models.map((model) =>
      Math.max(
        ...["G case 1", "G case 2", "G' case 1", "G' case 2"].flatMap((method) =>
          values({ paper: "iga", dataset, model, method, quantity: "testAccuracyImprovement" }),
        ),
      ),
    );
    const mean = best.reduce((sum, value) => sum + value, 0) / best.length;
    return {
      paper: "iga",
      source: stated.source,
      claim: `${dataset}: mean over the five models of the best of four gains`,
      printed: `~${stated.printed} %`,
      recomputed: percent(mean),
      agrees: Math.abs(mean - stated.value) <= 0.1 * stated.value,
    };
  });
}
