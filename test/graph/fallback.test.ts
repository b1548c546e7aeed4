/** Where TensorFlow was not set up, or another backend is chosen, steps run op by op. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, test } from "node:test";
import { makeFallbackClone, PRESERVE } from "../support/fallback-clone";
import { graphTest } from "../support/graph-test";
import { runNode } from "../support/run-node";

const clone = makeFallbackClone();
after(() => rmSync(clone, { recursive: true, force: true }));

/** A program that compiles, loops, draws and trains, and prints what came of it. */
const PROGRAM = `
  const ga = require("gradamp");
  const { tf, graph } = ga;
  const refused = (f) => { try { f(); return null; } catch (error) { return error.name + ": " + error.message; } };
  async function main() {
    const weight = tf.variable(tf.scalar(1));
    const step = graph.compile((x) => { weight.assign(weight.mul(2)); return { sum: x.add(weight), drawn: tf.randomUniform([2]) }; });
    const x = tf.scalar(3);
    const [first, second] = [step(x), await step.async(x)];
    const loop = graph.loop((index) => weight.assign(weight.add(tf.cast(index, "float32"))), { readable: [weight] });
    const done = await loop.run({ first: 0, last: 4, inputs: [] });
    const read = (loop.read(weight))[0];
    const data = await ga.dataset({ train: { inputs: tf.ones([8, 4]), targets: [0, 1, 0, 1, 0, 1, 0, 1] } });
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [4] })] });
    const run = await ga.train(model, data, { epochs: 1, batchSize: 3, measure: null });
    return {
      sums: [first.sum.dataSync()[0], second.sum.dataSync()[0]],
      traces: step.traces, engine: loop.engine, done, read, trained: run.options.engine, rows: run.epochs.length,
      number: refused(() => graph.compile(() => 3)(x)),
      bfloat16: refused(() => graph.compile(() => x, { precision: "bfloat16" })),
      graph: refused(() => ga.startTraining(model, data, { engine: "graph" })),
    };
  }
  const backend = process.env.TEST_BACKEND;
  (backend ? tf.setBackend(backend) : Promise.resolve()).then(main).then((result) => console.log("RESULT " + JSON.stringify(result)));
`;

interface Outcome {
  sums: number[];
  traces: number;
  engine: string;
  done: number;
  read: number;
  trained: string;
  rows: number;
  number: string;
  bfloat16: string;
  graph: string;
}

function check(program: ReturnType<typeof runNode>, reason: RegExp) {
  const line = program.stdout.split("\n").find((text) => text.startsWith("RESULT "));
  assert.ok(line, program.stderr);
  const { number, bfloat16, graph, ...rest } = JSON.parse(line.slice(7)) as Outcome;
  assert.deepEqual(rest, { sums: [5, 7], traces: 0, engine: "eager", done: 4, read: 10, trained: "eager", rows: 1 });
  assert.match(number, /^TypeError: .*found number 3/);
  for (const text of [bfloat16, graph]) {
    assert.match(text, /^RangeError: /);
    assert.match(text, reason);
  }
}

test("in plain JavaScript: the same results op by op, and errors that say why", () => {
  const program = runNode([...PRESERVE, "-e", PROGRAM], { cwd: clone });
  check(program, /tfjs runs in plain JavaScript.*gradamp setup/);
});

graphTest("on another backend of tfjs, chosen by the user", () => {
  const program = runNode(["-e", PROGRAM], { environment: { TEST_BACKEND: "cpu" } });
  check(program, /another backend than TensorFlow's is chosen/);
});
