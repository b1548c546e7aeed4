import assert from "node:assert/strict";
import { test } from "node:test";
import { table } from "arquero";
import { dataset, type Samples } from "../../src/datasets";
import { DataFrame, Series } from "danfojs-node";
import { tf } from "../../src/tensorflow";

/** The inputs as they are held, with their type. */
async function held(inputs: unknown): Promise<[unknown, string]> {
  const targets = Array.from({ length: 2 }, (_, at) => at);
  const data = await dataset({ train: { inputs: inputs as Samples, targets } });
  const [column] = data.train.inputs;
  const found: [unknown, string] = [column!.tensor.arraySync(), column!.storage];
  data.dispose();
  return found;
}

const whole: [unknown, string] = [
  [
    [1, 2],
    [3, 4],
  ],
  "int32",
];
const single: [unknown, string] = [whole[0], "float32"];
const taken: [string, unknown, [unknown, string]][] = [
  ["nested arrays", [[1, 2], [3, 4]], single], // prettier-ignore
  ["rows of Float64Array", [Float64Array.of(1, 2), Float64Array.of(3, 4)], single],
  ["rows of Int32Array", [Int32Array.of(1, 2), Int32Array.of(3, 4)], whole],
  ["rows of Uint8Array", [Uint8Array.of(1, 2), Uint8Array.of(3, 4)], whole],
  ["rows of two types", [Int32Array.of(1, 2), [3, 4]], single],
  ["a flat Float64Array", { values: Float64Array.of(1, 2, 3, 4), sampleShape: [2] }, single],
  ["a flat array", { values: [1, 2, 3, 4], sampleShape: [2] }, single],
  ["a flat Int16Array", { values: Int16Array.of(1, 2, 3, 4), sampleShape: [2] }, whole],
  ["an array of one number a sample", [5, 6], [[5, 6], "float32"]],
  ["a Uint32Array", Uint32Array.of(5, 4e9), [[5, 4e9], "float32"]],
  ["true and false", [true, false], [[1, 0], "int32"]],
  ["a column of arquero's", table({ x: [5, 6] }).column("x"), [[5, 6], "float32"]],
  ["a Series of danfo's", new Series([5, 6]), [[5, 6], "float32"]],
  ["a DataFrame of danfo's", new DataFrame([[1, 2], [3, 4]]), single], // prettier-ignore
];
for (const [what, inputs, expected] of taken)
  test(`${what}: taken as numbers`, async () => assert.deepEqual(await held(inputs), expected));

const at = "in sample 1, at \\[1\\]\\[0\\]";
const refused: [string, unknown, string, RegExp][] = [
  ["null", [[1, 2], [null, 4]], "RangeError", new RegExp(`finite numbers but found null ${at}: leave`)], // prettier-ignore
  ["undefined", [[1, 2], [undefined, 4]], "RangeError", new RegExp(`found undefined ${at}`)], // prettier-ignore
  ["a hole", [5, , 6].slice(0, 2), "RangeError", /found undefined in sample 1:/],
  ["null where a row should be", [[1, 2], null], "RangeError", /even depth but found null at \[1\], where there are/],
  ["NaN", [[1, 2], [NaN, 4]], "RangeError", new RegExp(`found NaN ${at}`)], // prettier-ignore
  ["NaN in a typed row", [[1, 2], Float32Array.of(NaN, 4)], "RangeError", new RegExp(`found NaN ${at}`)],
  ["NaN in flat values", { values: Float32Array.of(1, 2, NaN, 4), sampleShape: [2] }, "RangeError", new RegExp(at)],
  ["NaN in a tensor", tf.tensor2d([1, 2, NaN, 4], [2, 2]), "RangeError", new RegExp(`found NaN ${at}`)],
  ["more than float32 holds", [[1, 2], [1e39, 4]], "RangeError", /found 1e\+39, beyond the range of float32, in/], // prettier-ignore
  ["text", [["1"], ["2"]], "TypeError", /found string "1" in sample 0, at \[0\]\[0\]: make numbers .*map\(Number\)/],
  ["text among numbers", [1, "2"], "TypeError", /found string "2" in sample 1:/],
  ["true among numbers", [1, true], "TypeError", /finite numbers but found true in sample 1/],
  ["a number among true and false", [true, 0], "TypeError", /true and false throughout but found 0 in sample 1/],
  ["null among true and false", [true, null], "RangeError", /found null in sample 1/],
  ["bigints", [1n, 2n], "TypeError", /found the bigint 1n in sample 0: make numbers of them/],
  ["a BigInt64Array", BigInt64Array.of(1n, 2n), "TypeError", /found a BigInt64Array: make numbers of it/],
  ["rows of BigInt64Array", [BigInt64Array.of(1n)], "TypeError", /found a BigInt64Array at \[0\]/],
  ["arrays among numbers", [[1, 2], [[3], 4]], "TypeError", /found an array in sample 1, at \[1\]\[0\]/], // prettier-ignore
  ["uneven lengths", [[1, 2], [3]], "TypeError", /even lengths but found lengths 2 and 1 beside each other at \[1\]/],
  ["dates", [new Date(0), new Date(1)], "TypeError", /found an object \(Date\) in sample 0/],
  ["a list of tensors", [tf.scalar(1), tf.scalar(2)], "TypeError", /found an object \(Tensor\)/],
  ["null as a column", null, "TypeError", /\{ values, sampleShape \} but found null/],
  ["a table", table({ x: [1, 2] }), "TypeError", /found a table: pass one of its columns, table.array\("name"\)/],
  ["a column with null", table({ x: [1, null] }).column("x"), "RangeError", /found null in sample 1/],
  ["a Series with a missing value", new Series([1, undefined]), "RangeError", /in sample 1/],
  ["empty rows", [[], []], "RangeError", /to hold samples but found the shape \[2, 0\]/],
  [
    "a shape with a hole",
    { values: [1, 2], sampleShape: [null] },
    "RangeError",
    /whole numbers above 0 but found \[null/,
  ],
];
for (const [what, inputs, name, message] of refused)
  test(`${what}: refused with its place, as inputs and as targets`, async () => {
    const before = tf.memory().numTensors;
    for (const train of [
      { inputs, targets: [0, 1] },
      { inputs: [0, 1], targets: inputs },
    ] as { inputs: Samples; targets: Samples }[])
      await assert.rejects(dataset({ train }), (error: Error) => {
        assert.match(error.message, message);
        assert.match(error.name, new RegExp(`^(${name})$`));
        return true;
      });
    assert.equal(tf.memory().numTensors, before);
  });

test("a tensor that was disposed of is refused by name", async () => {
  const inputs = tf.ones([2, 2]);
  inputs.dispose();
  await assert.rejects(
    dataset({ train: { inputs, targets: [0, 1] } }),
    /train.inputs .* but found one that was disposed/,
  );
});
