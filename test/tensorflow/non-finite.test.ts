/** Gradamp's own kernels never hide what is not finite: whatever TensorFlow's ops show, they show, too. */
import assert from "node:assert/strict";
import { test as nodeTest } from "node:test";
import { convolvesBFloat16, hasOwnBatchNorm, hasOwnConvolutions, hasOwnIm2col } from "../../src/tensorflow";
import { type OpAttribute, tf } from "../../src/tensorflow";
import { filterGradientByIm2col } from "../../src/tensorflow/im2col-products";
import { symmetric } from "../support/deterministic";
import { addon, attr, FLOAT, idOf, INT32 } from "../support/graph-builder";

type Numbers = ArrayLike<number>;
/** Values by the name of the input that they are. */
type Inputs = Readonly<Record<string, { readonly shape: readonly number[]; readonly values: Float32Array }>>;

const BFLOAT16 = 14;
const ALPHA = 0.25;

const bits = (pattern: number) => new Float32Array(Uint32Array.of(pattern).buffer);
/** What one place of one input is set to, as it lies in memory. */
const SPECIAL: Readonly<Record<string, Float32Array>> = {
  NaN: Float32Array.of(NaN),
  // Rounded to bfloat16 by their bits alone these would become −0 and 0.
  "NaN of all ones": bits(0x7fffffff),
  "negative NaN of all ones": bits(0xffffffff),
  Infinity: Float32Array.of(Infinity),
  "-Infinity": Float32Array.of(-Infinity),
  "a denormal": bits(0x00012345),
  "a negative denormal": bits(0x80000001),
};

/** The ids of results. */
const run = (op: string, attributes: OpAttribute[], inputs: readonly number[], outputs = 1): number[] =>
  addon().executeOp(op, attributes, [...inputs], outputs).map(({ id }) => id); // prettier-ignore

const cast = (id: number, from: number, to: number): number =>
  from === to ? id : run("Cast", [attr.type("SrcT", from), attr.type("DstT", to)], [id])[0]!;

/** Runs ops over inputs, those named in `wide` as float32 and the others of a type, and reads results as float32. */
function valuesOf(
  inputs: Inputs,
  type: number,
  wide: readonly string[],
  body: (ids: Readonly<Record<string, number>>) => readonly { id: number; type: number }[],
): Numbers[] {
  const tensors = Object.entries(inputs).map(
    ([name, { shape, values }]) => [name, tf.tensor(values, [...shape])] as const,
  );
  const ids = Object.fromEntries(
    tensors.map(([name, tensor]) => [name, cast(idOf(tensor), FLOAT, wide.includes(name) ? FLOAT : type)]),
  );
  const results = body(ids).map(({ id, type: of }) => Array.from(addon().tensorDataSync(cast(id, of, FLOAT))));
  tf.dispose(tensors.map(([, tensor]) => tensor));
  return results;
}

/** What an op does once by gradamp's kernels and once by TensorFlow's. */
interface Case {
  readonly inputs: Inputs;
  /** Inputs that are float32 whatever the type. */
  readonly wide?: readonly string[];
  readonly types: readonly number[];
  readonly own: (
    ids: Readonly<Record<string, number>>,
    type: number,
  ) => readonly { readonly id: number; readonly type: number }[];
  readonly stock: Case["own"];
}

const some = (what: string, ...shape: number[]) => ({
  shape,
  values: symmetric(what, shape.reduce((a, b) => a * b, 1), 1), // prettier-ignore
});

const activated = (id: number, type: number, activation: number) => {
  if (activation === 0) return id;
  const T = [attr.type("T", type)];
  return run(activation === 1 ? "Relu" : "LeakyRelu", activation === 1 ? T : [...T, attr.float("alpha", ALPHA)], [id])[0]!; // prettier-ignore
};
const ACTIVATIONS = ["no activation", "ReLU", "leaky ReLU"];
const activationAttributes = (activation: number) => [attr.int("activation", activation), attr.float("alpha", ALPHA)];

const sum = (type: number, ...ids: number[]) => run("AddV2", [attr.type("T", type)], ids)[0]!;

const cases: [name: string, Case][] = [];

const BATCH = {
  x: some("x", 4, 5, 6, 7),
  gamma: some("gamma", 7),
  beta: some("beta", 7),
  runningMean: some("running mean", 7),
  runningVariance: { shape: [7], values: symmetric("running variance", 7, 1).map(Math.abs) },
};
const CHANNELWISE = ["gamma", "beta", "runningMean", "runningVariance"];
const statistics = [attr.float("epsilon", 1e-3), attr.float("exponential_avg_factor", 0.1)];
const channelwise = (ids: Readonly<Record<string, number>>) => CHANNELWISE.map((name) => ids[name]!);
const ownForward = (ids: Readonly<Record<string, number>>, type: number, activation: number) => {
  const sides = ids["side"] === undefined ? [] : [ids["side"]];
  return run(
    "GradampBatchNorm",
    [
      ...[attr.type("T", type), ...statistics, ...activationAttributes(activation)],
      attr.int("num_side_inputs", sides.length),
    ],
    [ids["x"]!, ...channelwise(ids), ...sides],
    5,
  );
};
const fused = (type: number) => [attr.type("T", type), attr.type("U", FLOAT), attr.string("data_format", "NHWC"), attr.bool("is_training", true)]; // prettier-ignore
const stockForward = (ids: Readonly<Record<string, number>>, type: number) =>
  run("FusedBatchNormV3", [...fused(type), ...statistics], [ids["x"]!, ...channelwise(ids)], 6);

for (const [activation, name] of ACTIVATIONS.entries()) {
  for (const withSide of [false, true]) {
    cases.push([
      `batch norm, ${name}${withSide ? " of a residual sum" : ""}`,
      {
        inputs: withSide ? { ...BATCH, side: some("side", 4, 5, 6, 7) } : BATCH,
        ...{ wide: CHANNELWISE, types: [FLOAT, BFLOAT16] },
        own: (ids, type) =>
          ownForward(ids, type, activation)
            .slice(0, 3)
            .map((id, at) => ({ id, type: at === 0 ? type : FLOAT })),
        stock(ids, type) {
          const [y, mean, variance] = stockForward(ids, type);
          const whole = ids["side"] === undefined ? y! : sum(type, y!, ids["side"]);
          return [{ id: activated(whole, type, activation), type }, ...[mean, variance].map((id) => ({ id: id!, type: FLOAT }))]; // prettier-ignore
        },
      },
    ]);
  }
  cases.push([
    `batch norm's gradient, ${name}`,
    {
      inputs: { ...BATCH, dy: some("dy", 4, 5, 6, 7) },
      ...{ wide: CHANNELWISE, types: [FLOAT, BFLOAT16] },
      own(ids, type) {
        const [, , , mean, inverse] = ownForward(ids, type, activation);
        const inputs = [ids["dy"]!, ids["x"]!, ids["gamma"]!, mean!, inverse!, ids["gamma"]!, ids["beta"]!];
        const results = run("GradampBatchNormGrad", [attr.type("T", type), ...activationAttributes(activation)], inputs, 3); // prettier-ignore
        return results.map((id, at) => ({ id, type: at === 0 ? type : FLOAT }));
      },
      stock(ids, type) {
        const [y, , , ...reserved] = stockForward(ids, type);
        const output = activated(y!, type, activation);
        const T = [attr.type("T", type)];
        const dy =
          activation === 0
            ? ids["dy"]!
            : activation === 1
              ? run("ReluGrad", T, [ids["dy"]!, output])[0]!
              : run("LeakyReluGrad", [...T, attr.float("alpha", ALPHA)], [ids["dy"]!, y!])[0]!;
        const inputs = [dy, ids["x"]!, ids["gamma"]!, ...reserved];
        const attributes = [...fused(type), attr.float("epsilon", 1e-3)];
        const [dx, dgamma, dbeta] = run("FusedBatchNormGradV3", attributes, inputs, 5);
        return [{ id: dx!, type }, ...[dgamma, dbeta].map((id) => ({ id: id!, type: FLOAT }))];
      },
    },
  ]);
}

cases.push([
  "sums of channels",
  {
    inputs: { x: some("sums", 40, 7) },
    types: [FLOAT, BFLOAT16],
    own: ({ x }, type) => [{ id: run("GradampChannelSum", [attr.type("T", type)], [x!])[0]!, type: FLOAT }],
    stock({ x }, type) {
      const axes = tf.tensor1d([0], "int32");
      const attributes = [attr.type("T", FLOAT), attr.type("Tidx", INT32), attr.bool("keep_dims", false)];
      return [{ id: run("Sum", attributes, [cast(x!, type, FLOAT), idOf(axes)])[0]!, type: FLOAT }];
    },
  },
]);

const plain = (type: number) => [
  attr.type("T", type),
  attr.int("strides", [1, 1, 1, 1]),
  attr.string("padding", "SAME"),
  attr.string("data_format", "NHWC"),
];
const shapeOf = (...sizes: number[]) => idOf(tf.tensor1d(sizes, "int32"));
const [images, taps, gradient] = [some("images", 2, 8, 6, 16), some("taps", 3, 3, 16, 32), some("gradient", 2, 8, 6, 32)]; // prettier-ignore
const convolutionTypes = convolvesBFloat16() ? [FLOAT, BFLOAT16] : [FLOAT];

for (const [activation, name] of ACTIVATIONS.entries()) {
  for (const withBias of [false, true]) {
    cases.push([
      `3×3 convolution${withBias ? " and bias" : ""}, ${name}`,
      {
        inputs: { images, taps, ...(withBias ? { bias: some("bias", 32) } : {}) },
        types: convolutionTypes,
        own: (ids, type) => [
          {
            id: run("GradampConv2D", [attr.type("T", type), ...activationAttributes(activation), attr.int("num_args", withBias ? 1 : 0)], Object.values(ids))[0]!, // prettier-ignore
            type,
          },
        ],
        stock(ids, type) {
          const y = run("Conv2D", plain(type), [ids["images"]!, ids["taps"]!])[0]!;
          return [{ id: activated(withBias ? sum(type, y, ids["bias"]!) : y, type, activation), type }];
        },
      },
    ]);
  }
}
const backward = (op: string, size: () => number, before: string, after: string): Case["own"] => {
  const attributes = (type: number) => (op.startsWith("Gradamp") ? [attr.type("T", type)] : plain(type));
  return (ids, type) => {
    const inputs = before === "taps" ? [size(), ids[before]!, ids[after]!] : [ids[before]!, size(), ids[after]!];
    return [{ id: run(op, attributes(type), inputs)[0]!, type }];
  };
};
for (const [name, op, inputs, size] of [
  ["input", "Conv2DBackpropInput", { taps, gradient }, () => shapeOf(2, 8, 6, 16)],
  ["filter", "Conv2DBackpropFilter", { images, gradient }, () => shapeOf(3, 3, 16, 32)],
] as const) {
  const before = "taps" in inputs ? "taps" : "images";
  cases.push([
    `3×3 convolution's gradient by its ${name}`,
    {
      inputs,
      types: convolutionTypes,
      own: backward(`Gradamp${op}`, size, before, "gradient"),
      stock: backward(op, size, before, "gradient"),
    },
  ]);
}

for (const [name, special] of Object.entries(SPECIAL)) {
  const isSmall = Number.isFinite(special[0]!);
  for (const [kernel, { inputs, wide = [], types, own, stock }] of cases) {
    const skip =
      !(hasOwnBatchNorm() && hasOwnConvolutions()) && "gradamp's kernels are for CPUs, with native TensorFlow";
    nodeTest(`${kernel}: ${name} in each of its inputs`, { skip }, () => {
      for (const type of types) {
        for (const [input, { shape, values }] of Object.entries(inputs)) {
          // Places within, some of them where a ReLU lets nothing pass.
          for (const place of [0, 1, 2, 3].map((step) => (values.length >> 1) + step)) {
            const changed = values.slice();
            new Uint32Array(changed.buffer)[place] = new Uint32Array(special.buffer)[0]!;
            const all = { ...inputs, [input]: { shape, values: changed } };
            const [found, expected] = [own, stock].map((ops) => valuesOf(all, type, wide, (ids) => ops(ids, type)));
            const where = `${type === FLOAT ? "float32" : "bfloat16"}, ${input}`;
            assertShows(found!, expected!, isSmall, type === FLOAT ? 1e-5 : 2e-2, where);
          }
        }
      }
    });
  }
}

/** Asserts that results are not finite where others are not, and otherwise as large. */
function assertShows(
  found: Numbers[],
  expected: Numbers[],
  allFinite: boolean,
  tolerance: number,
  where: string,
): void {
  assert.equal(found.length, expected.length);
  expected.forEach((values, which) => {
    assert.equal(found[which]!.length, values.length);
    const finite = Array.from(values).filter(Number.isFinite);
    const scale = Math.max(1e-30, ...finite.map(Math.abs));
    for (let at = 0; at < values.length; at++) {
      const [one, other] = [found[which]![at]!, values[at]!];
      const what = `${where}: output ${which} at ${at} is ${one}, TensorFlow's ${other}`;
      if (allFinite) assert.ok(Number.isFinite(one), what);
      if (!Number.isFinite(other)) assert.ok(!Number.isFinite(one), what);
      else if (Number.isFinite(one)) assert.ok(Math.abs(one - other) <= tolerance * scale, what);
    }
  });
}

nodeTest(
  "filters' gradients by patches show what is not finite",
  { skip: !hasOwnIm2col() && "needs native TensorFlow" },
  () => {
    for (const special of Object.values(SPECIAL)) {
      for (const changed of ["images", "gradient"]) {
        const of = (name: string, ...shape: number[]) => {
          const values = symmetric(name, shape.reduce((a, b) => a * b, 1), 1); // prettier-ignore
          if (name === changed)
            new Uint32Array(values.buffer)[values.length >> 1] = new Uint32Array(special.buffer)[0]!;
          return tf.tensor(values, shape);
        };
        const [x, dy] = [of("images", 3, 8, 8, 16), of("gradient", 3, 4, 4, 32)];
        const attributes = { strides: 2 as unknown as [number, number], pad: "same" as const, filterShape: [3, 3, 16, 32] as [number, number, number, number] }; // prettier-ignore
        const own = filterGradientByIm2col(x as never, dy as never, attributes)!;
        const stockAttributes = [attr.type("T", FLOAT), attr.int("strides", [1, 2, 2, 1]), attr.string("padding", "SAME"), attr.string("data_format", "NHWC")]; // prettier-ignore
        const stock = run("Conv2DBackpropFilter", stockAttributes, [idOf(x), shapeOf(3, 3, 16, 32), idOf(dy)])[0]!;
        const isSmall = Number.isFinite(special[0]!);
        assertShows([own.dataSync()], [Array.from(addon().tensorDataSync(stock))], isSmall, 1e-5, changed);
        tf.dispose([x, dy, own]);
      }
    }
  },
);
