import { type Numbers, percent, type Where } from "./numbers";
import type { PaperCheck } from "./published-row";

/** Claims of "Intelligent gradient amplification" (2023) in words or about the paper of 2020, beside what the numbers give. */
export function igaClaims(numbers: Numbers): PaperCheck[] {
  return [
    ...sameNumbersInBothPapers(numbers),
    ...runningTime(numbers),
    ...deeperThanRandom(numbers),
    ...meanOfBest(numbers),
  ];
}

function sameNumbersInBothPapers({ one }: Numbers): PaperCheck[] {
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

function runningTime({ select, values, one }: Numbers): PaperCheck[] {
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

function deeperThanRandom({ select, one }: Numbers): PaperCheck[] {
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
function meanOfBest({ one, values }: Numbers): PaperCheck[] {
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
