import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { normaliseRatios, selectByDirectionality } from "../../src/rows";
import {
  analysisEpoch,
  type DirectionalityRule,
  intelligentStages,
  type IntelligentStagesOptions,
  printStages,
  scaleEnds,
} from "../../src/amplification";

const rule: DirectionalityRule = { directionality: "G", sides: "one", threshold: 1.5, reselect: "stage", analyse: "continue" }; // prettier-ignore
const options: IntelligentStagesOptions = { directionality: "G", sides: "one", threshold: 1.5 };

/** One letter an epoch: `-` plain, `?` analysed without amplification, `a` amplified, `A` amplified and analysed. */
function epochs(own: Partial<DirectionalityRule>, first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const { amplifies, analyses } = analysisEpoch({ ...rule, ...own }, { first, last }, first + at);
    return amplifies ? (analyses ? "A" : "a") : analyses ? "?" : "-";
  }).join("");
}

describe("which epochs are analysed and which amplified", () => {
  test("once a stage: params₁ amplifies 49 and 29 epochs, params₂ 89 and 44", () => {
    for (const [first, last, amplified] of [
      [51, 100, 49],
      [101, 130, 29],
      [11, 100, 89],
      [101, 145, 44],
    ] as const) {
      // prettier-ignore
      assert.equal(epochs({}, first, last), `?${"a".repeat(amplified)}`);
    }
  });
  test("every 2 epochs: a later selection uses the epoch before it, amplified as it was", () => {
    assert.equal(epochs({ reselect: { epochs: 2 } }, 51, 58), "?AaAaAaa");
    assert.equal(epochs({ reselect: { epochs: 2 } }, 51, 59), "?AaAaAaAa");
  });
  test("every 5 epochs, counted anew at each stage", () => {
    assert.equal(epochs({ reselect: { epochs: 5 } }, 51, 62), "?aaaAaaaaAaa");
    assert.equal(epochs({ reselect: { epochs: 5 } }, 101, 106), "?aaaAa");
  });
  test("with analyse pause every analysed epoch is unamplified: at 2 epochs only half are amplified", () => {
    assert.equal(epochs({ reselect: { epochs: 2 }, analyse: "pause" }, 51, 58), "?a?a?a?a");
    assert.equal(epochs({ reselect: { epochs: 5 }, analyse: "pause" }, 51, 62), "?aaaa?aaaa?a");
    assert.equal(epochs({ analyse: "pause" }, 51, 55), epochs({}, 51, 55));
  });
  test("every epoch anew", () => {
    assert.equal(epochs({ reselect: { epochs: 1 } }, 51, 56), "?AAAAa");
  });
});

describe("selection", () => {
  const layers = (values: number[]) => values.map((ratio, at) => ({ layer: `l${at}`, ratio }));
  const selected = (values: number[], sides: "one" | "both", threshold: number) =>
    selectByDirectionality(layers(values), { sides, threshold })
      .filter((row) => row.selected)
      .map((row) => row.layer)
      .join(" ");

  test("case 1 takes one side, case 2 both; the threshold itself is not crossed", () => {
    const values = [0, 0.5, 0.5, 0.5, 1];
    const [low, , , , high] = normaliseRatios(values);
    assert.ok(Math.abs(high! - Math.sqrt(2.5)) < 1e-12 && Math.abs(low! + high!) < 1e-12);
    assert.equal(selected(values, "one", 1.5), "l4");
    assert.equal(selected(values, "both", 1.5), "l0 l4");
    assert.equal(selected(values, "one", high!), "");
    assert.equal(selected(values, "one", 1.6), "");
    assert.equal(selected(values, "one", -0.5), "l1 l2 l3 l4");
  });

  test("one layer, and layers that are alike, have no deviation: nothing is selected", () => {
    assert.deepEqual(normaliseRatios([0.3]), [0]);
    assert.deepEqual(normaliseRatios([0.1, 0.1, 0.1]), [0, 0, 0]);
    // Alike but for the rounding of float32.
    assert.deepEqual(normaliseRatios([0.1, Math.fround(0.1), 0.1]), [0, 0, 0]);
    assert.equal(selected([0.3], "both", 0), "");
    assert.equal(selected([0, 0], "both", 0), "");
    assert.deepEqual(normaliseRatios([]), []);
  });

  test("a ratio that is not finite takes no part and is not selected", () => {
    const found = selectByDirectionality(layers([0.1, Number.NaN, 0.3]), { sides: "both", threshold: 0.5 });
    assert.deepEqual(found.map((row) => row.selected), [true, false, true]); // prettier-ignore
    assert.ok(Math.abs(found[0]!.normalized + 1) < 1e-12 && Number.isNaN(found[1]!.normalized));
  });
});

describe("ga.intelligentStages", () => {
  test("params₁ and params₂ are the paper's", () => {
    assert.equal(
      printStages(intelligentStages(options)),
      "[(50, 0.1, 0, 1), (100, 0.1, amp, 2), (130, 0.01, amp, 2), (150, 0.01, 0, 1)]",
    );
    assert.equal(
      printStages(intelligentStages({ ...options, schedule: "params2" })),
      "[(10, 0.1, 0, 1), (100, 0.1, amp, 2), (145, 0.01, amp, 2), (150, 0.01, 0, 1)]",
    );
  });

  test("a schedule of one's own, as tuples or in the paper's words, with a factor of one's own", () => {
    const own = intelligentStages({ ...options, schedule: [[2, 0.1, 0, 1], [6, 0.1, 1, 3]], ampFactor: 1.5 }); // prettier-ignore
    assert.equal(printStages(own), "[(2, 0.1, 0, 1), (6, 0.1, amp, 1.5)]");
    const text = intelligentStages({ ...options, schedule: "[(2, 0.1, 0, 1), (6, 0.1, is_amp, 3)]" });
    assert.equal(printStages(text), "[(2, 0.1, 0, 1), (6, 0.1, amp, 3)]");
  });

  test("scaled to a tenth, halves round down and every stage keeps its epochs", () => {
    const ends = (schedule: "params1" | "params2") =>
      intelligentStages({ ...options, schedule, epochScale: 0.1 }).stages.map(({ end }) => end);
    assert.deepEqual([ends("params1"), ends("params2")], [[5, 10, 13, 15], [1, 10, 14, 15]]); // prettier-ignore
    // Amplified stages keep an epoch to analyse and one to amplify.
    const short = intelligentStages({ ...options, epochScale: 0.02 }).stages.map(({ end }) => end);
    assert.deepEqual(short, [1, 3, 5, 6]);
    assert.deepEqual(scaleEnds([{ end: 50 }, { end: 100 }, { end: 130 }], 0.001).map(({ end }) => end), [1, 2, 3]); // prettier-ignore
  });

  test("defaults are the paper's: momentum anew at every stage, all layers, once a stage", () => {
    const { group, scope, resetOptimizer, intelligent } = intelligentStages(options);
    assert.deepEqual({ group, scope, resetOptimizer }, { group: null, scope: "backprop", resetOptimizer: true });
    assert.deepEqual(intelligent, rule);
  });

  test("what makes no sense is refused with the value and the remedy", () => {
    const refused = (own: Partial<IntelligentStagesOptions>, message: RegExp) =>
      assert.throws(() => intelligentStages({ ...options, ...own }), { name: "RangeError", message });
    refused({ directionality: "H" as never }, /directionality to be "G", "GPrime" or "GNet" but found "H"/);
    refused({ sides: "two" as never }, /sides to be "one" or "both" but found "two"/);
    refused({ threshold: Number.NaN }, /threshold to be a number but found NaN/);
    refused({ sides: "both", threshold: -1 }, /at least 0 with sides "both" but found -1/);
    refused({ reselect: { epochs: 0 } }, /\{ epochs: n \} with whole n above 0 but found \{"epochs":0\}/);
    refused({ reselect: "epoch" as never }, /"stage" or .*"epoch"/);
    refused({ reselect: { epochs: 1 }, analyse: "pause" }, /no epoch would be amplified/);
    refused({ analyse: "never" as never }, /"continue" or "pause"/);
    refused({ schedule: "params3" }, /"params3"/);
    refused({ schedule: [[2, 0.1, 0, 1], [3, 0.1, 1, 2]] }, /stage 2 to last 2 epochs or more but found 1/); // prettier-ignore
    refused({ schedule: [[2, 0.1, 0, 1], [2, 0.1, 0, 1]] }, /stage 2 to end after epoch 2/); // prettier-ignore
    refused({ ampFactor: 0 }, /greater than 0 but found 0/);
    refused({ scope: "all" as never }, /"backprop"/);
    refused({ epochScale: 0 }, /epochScale to be above 0 but found 0/);
  });
});
