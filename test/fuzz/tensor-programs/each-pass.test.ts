/** Each pass of the graph engine by itself: random programs give the same before and after, NaN and infinities included. */
import assert from "node:assert/strict";
import { backendInternals } from "../../../src/graph/backend-internals";
import { BoundTrace } from "../../../src/graph/bound-trace";
import { defineStep } from "../../../src/graph/loops/define-step";
import type { PassMaker } from "../../../src/graph/passes/apply-pass";
import { bfloat16Pass } from "../../../src/graph/passes/bfloat16";
import { biasAddPass } from "../../../src/graph/passes/bias-add";
import { channelSumsPass } from "../../../src/graph/passes/channel-sums";
import { fuseFollowersPass } from "../../../src/graph/passes/fuse-followers";
import { raiseScalesPass } from "../../../src/graph/passes/raise-scales";
import { signFromOutputPass } from "../../../src/graph/passes/sign-from-output";
import { sinkScalesPass } from "../../../src/graph/passes/sink-scales";
import { steadyPoolingPass } from "../../../src/graph/passes/steady-pooling";
import { trace } from "../../../src/graph/trace";
import { tf } from "../../../src/tensorflow";
import { graphTest as test } from "../../support/graph-test";
import { takeValues } from "../../support/same-bits";
import { applying } from "../../support/training-graph";
import { isClose } from "./check";
import { generateProgram } from "./generate";
import { inputValues, sourceOf, stepOf, type TensorProgram } from "./program";

/** Passes, what goes before them, and how far a result may be from what it is without, relative to the largest. */
const PASSES: readonly {
  readonly pass: PassMaker;
  readonly before: readonly PassMaker[];
  readonly tolerance: number;
}[] = [
  { pass: signFromOutputPass, before: [], tolerance: 0 },
  { pass: raiseScalesPass, before: [], tolerance: 2e-6 },
  { pass: sinkScalesPass, before: [], tolerance: 2e-6 },
  { pass: fuseFollowersPass, before: [signFromOutputPass], tolerance: 0 },
  { pass: steadyPoolingPass, before: [], tolerance: 2e-6 },
  { pass: biasAddPass, before: [bfloat16Pass], tolerance: 0.05 },
  { pass: channelSumsPass, before: [bfloat16Pass], tolerance: 0.01 },
];

/** What a program gives after some passes, and how many nodes they left. */
function resultsAfter(program: TensorProgram, passes: readonly PassMaker[]): ArrayLike<number>[] {
  const step = stepOf(program, []);
  const specs = program.inputs.map(({ shape }) => ({ dtype: 1, shape }));
  const traced = applying(...passes)(trace((...inputs) => step(...inputs), specs));
  const inputs = program.inputs.map((each, at) => tf.tensor(inputValues(each, at, 0), [...each.shape]));
  const defined = defineStep(traced, traced.outputs, "pass");
  try {
    const bound = new BoundTrace(traced);
    const { binding } = backendInternals();
    const results = bound.call(inputs, (ids) => binding.executeOp(defined.name, [], ids, traced.outputs.length));
    return takeValues(bound.outputs(results));
  } finally {
    defined.remove();
    traced.dispose();
    tf.dispose(inputs);
  }
}

/** Programs that run op by op. */
function* programs(first: number, last: number): Iterable<TensorProgram> {
  for (let seed = first; seed <= last; seed++) {
    const program = generateProgram(seed);
    if (!program || program.mode === "update") continue;
    try {
      resultsAfter(program, []);
    } catch {
      // tfjs has no gradient for something in it.
      continue;
    }
    yield program;
  }
}

test("every pass leaves random programs' results as they were", () => {
  let [ran, short] = [0, 0];
  for (const program of programs(1, 50)) {
    const isHuge = program.inputs.some(({ filling }) => filling === "special");
    for (const { pass, before, tolerance } of PASSES) {
      // Eight bits leave float32's range elsewhere.
      if (isHuge && before.includes(bfloat16Pass)) continue;
      const [expected, found] = [resultsAfter(program, before), resultsAfter(program, [...before, pass])];
      expected.forEach((values, at) => {
        const wanted = Array.from(values);
        const largest = wanted.reduce(
          (most, each) => (Number.isFinite(each) ? Math.max(most, Math.abs(each)) : most),
          0,
        );
        const place = wanted.findIndex((value, index) => !isClose(found[at]![index]!, value, tolerance * largest));
        assert.ok(place < 0, `${pass.name}: output ${at}[${place}] is ${found[at]![place]} instead of ${wanted[place]} of ${sourceOf(program)}`); // prettier-ignore
      });
      ran++;
      if (before.includes(bfloat16Pass) && program.inputs.some(({ filling }) => filling === "not finite")) short++;
    }
  }
  assert.ok(ran > 100, `${ran} ran`);
  assert.ok(short > 5, `${short} ran in bfloat16 with what is not finite`);
});
