/** Random programs of tensor operations give compiled what they give op by op. */
import assert from "node:assert/strict";
import { graphTest as test } from "../../support/graph-test";
import { fuzz } from "../fuzz";
import { tensorPrograms } from "./fuzzer";
import { generateProgram } from "./generate";
import { checkProgram } from "./check";
import { sourceOf } from "./program";
import { smallerPrograms } from "./smaller";

test("a hundred and fifty programs of fixed seeds", async () => {
  const { ran, failures } = await fuzz(tensorPrograms, 1, { cases: 150 });
  assert.deepEqual(failures, []);
  assert.ok(ran > 60, `${ran} ran`);
});

test("a seed makes the same program each time, other seeds make others", () => {
  const sources = [1, 2, 3, 1].map((seed) => JSON.stringify(generateProgram(seed)));
  assert.equal(sources[3], sources[0]);
  assert.equal(new Set(sources).size, 3);
});

test("a program that differs is found", () => {
  // Draws of its own each time it is run op by op.
  const outcome = checkProgram({
    inputs: [{ shape: [3], filling: "numbers" }],
    lines: [{ code: "tf.add($0, Date.now.calls = (Date.now.calls ?? 0) + 1)", args: [0] }],
    ...{ outputs: [1], mode: "forward", precision: "float32" },
  });
  assert.equal(outcome.kind, "different");
});

test("what differs at float32's limits alone is told from what differs elsewhere, too", () => {
  // 3e38 · 2 overflows where it stands, and not behind the filter that the compiled step multiplies instead.
  const filter = "tf.tensor(Float32Array.from({ length: 4 }, (_, i) => ((i * 7919) % 17) / 17 - 0.47), [1, 1, 2, 2])";
  const program = {
    inputs: [{ shape: [1, 1, 9, 2], filling: "special" as const }],
    lines: [
      { code: `tf.conv2d($0, ${filter}, 1, "same")`, args: [0] },
      { code: "ga.scaleGradient($0, tf.scalar(2))", args: [1] },
    ],
    ...({ outputs: [2], mode: "gradient", precision: "float32" } as const),
  };
  assert.deepEqual(checkProgram(program), { kind: "skipped", why: "at the limits of float32" });
  const other = { code: "tf.add($0, Date.now.calls = (Date.now.calls ?? 0) + 1)", args: [2] };
  const differing = { ...program, lines: [...program.lines, other], outputs: [3], mode: "forward" } as const;
  assert.equal(checkProgram(differing).kind, "different");
});

test("every smaller program is whole: its lines and outputs name values that are there", () => {
  for (const seed of [4, 5, 6, 7, 8]) {
    const program = generateProgram(seed);
    if (!program) continue;
    for (const each of smallerPrograms(program)) {
      const count = each.inputs.length;
      each.lines.forEach(({ args }, at) =>
        assert.ok(
          args.every((value) => value < count + at),
          sourceOf(each),
        ),
      );
      assert.ok(each.outputs.every((value) => value < count + each.lines.length));
    }
  }
});
