/** tfjs's operations and their gradients, compiled and op by op: the same values, types and shapes. */
import assert from "node:assert/strict";
import { compile, type Output } from "../../src/graph";
import { flatten } from "../../src/graph/structure";
import { type Tensor, type Tensor1D, type Tensor2D, type Tensor4D, tf } from "../../src/tensorflow";
import { graphTest as test } from "../support/graph-test";
import { assertSameBits, relativeError } from "../support/same-bits";
import { symmetric } from "../support/deterministic";

const values = (name: string, ...shape: number[]) => tf.tensor(symmetric(name, tf.util.sizeFromShape(shape), 2), shape);
const a = values("a", 3, 4) as Tensor2D;
const b = values("b", 3, 4) as Tensor2D;
const v = values("v", 4) as Tensor1D;
const square = values("square", 4, 4) as Tensor2D;
const images = values("images", 2, 6, 6, 3) as Tensor4D;
const kernel = values("kernel", 3, 3, 3, 4) as Tensor4D;
const index = tf.tensor1d([2, 0, 1], "int32");
const pairs = tf.tensor2d([[0, 2], [1, 3]], [2, 2], "int32"); // prettier-ignore
const depth = values("depth", 3, 3, 3, 2) as Tensor4D;
const volume = values("volume", 2, 2, 2, 3, 2);
const sumOfSquares = (output: Tensor) => output.square().sum();
const gradient = (f: (x: Tensor4D) => Tensor) => tf.grad((x: Tensor) => sumOfSquares(f(x as Tensor4D)))(images);
const gradients = (f: (x: Tensor, y: Tensor) => Tensor) =>
  tf.grads((x: Tensor, y: Tensor) => sumOfSquares(f(x, y)))([a, b]);

const UNARY = "abs acos acosh asin asinh atan atanh ceil cos cosh elu erf exp expm1 floor isFinite isInf isNaN leakyRelu log log1p logSigmoid neg reciprocal relu relu6 round rsqrt selu sigmoid sign sin sinh softplus sqrt square step tan tanh logSoftmax logSumExp sum mean max min prod norm cumsum cumprod transpose zerosLike onesLike".split(" "); // prettier-ignore
const BINARY = "add sub mul div divNoNan maximum minimum squaredDifference atan2 mod floorDiv equal notEqual less lessEqual greater greaterEqual prelu".split(" "); // prettier-ignore
const named = tf as unknown as Record<string, (...inputs: Tensor[]) => Tensor>;

const OTHERS: Record<string, () => Output> = {
  pow: () => tf.pow(a.abs(), b),
  logical: () => a.greater(0).logicalAnd(b.less(0)).logicalOr(a.less(0)).logicalXor(b.greater(0)).logicalNot(),
  where: () => tf.where(a.greater(b), a, b),
  addN: () => tf.addN([a, b, a]),
  "all and any": () => [tf.all(a.greater(0)), tf.any(a.greater(0), 1)],
  matMul: () => tf.matMul(a, b, false, true),
  "matMul in batches": () => tf.matMul(images.reshape([2, 36, 3]), images.reshape([2, 36, 3]), true),
  dot: () => tf.dot(a, v),
  einsum: () => tf.einsum("ij,kj->ik", a, b),
  "fused matMul": () => tf.fused.matMul({ a, b, transposeB: true, bias: v.slice(0, 3), activation: "relu" }),
  conv1d: () => tf.conv1d(images.reshape([2, 36, 3]), values("k1", 3, 3, 2) as never, 1, "same"),
  conv2d: () => [tf.conv2d(images, kernel, 1, "same"), tf.conv2d(images, kernel, 2, "valid")],
  "conv2d, dilated": () => tf.conv2d(images, kernel, 1, "same", "NHWC", 2),
  "fused conv2d": () =>
    tf.fused.conv2d({ x: images, filter: kernel, strides: 1, pad: "same", bias: v, activation: "elu" }),
  conv2dTranspose: () => tf.conv2dTranspose(images, values("kt", 3, 3, 2, 3) as Tensor4D, [2, 12, 12, 2], 2, "same"),
  conv3d: () => tf.conv3d(images.reshape([1, 2, 6, 6, 3]), volume as never, 1, "same"),
  depthwiseConv2d: () => tf.depthwiseConv2d(images, depth, 1, "valid"),
  separableConv2d: () => tf.separableConv2d(images, depth, values("p", 1, 1, 6, 5) as Tensor4D, 1, "same"),
  dilation2d: () => tf.dilation2d(images, values("d", 2, 2, 3) as never, 1, "same"),
  pools: () => [tf.maxPool(images, 2, 2, "same"), tf.avgPool(images, 3, 1, "same"), tf.pool(images, 2, "max", "valid")],
  maxPool3d: () => tf.maxPool3d(images.reshape([1, 2, 6, 6, 3]), 2, 2, "same"),
  batchNorm: () => tf.batchNorm(images, [0, 0.1, 0.2], [1, 2, 3], [0.5, 0.5, 0.5], [1, 1, 1], 1e-3),
  localResponseNormalization: () => tf.localResponseNormalization(images),
  moments: () => Object.values(tf.moments(a, [0, 1])),
  gather: () => [
    tf.gather(a, index),
    tf.gather(a, index, 1),
    tf.gather(a, pairs.reshape([2, 2]).slice([0, 0], [1, 2])),
  ],
  gatherND: () => tf.gatherND(a, pairs),
  scatterND: () => tf.scatterND(pairs, v.slice(0, 2), [3, 4]),
  tensorScatterUpdate: () => tf.tensorScatterUpdate(a, pairs, v.slice(0, 2)),
  sparseToDense: () => tf.sparseToDense(pairs, v.slice(0, 2), [3, 4], 0),
  oneHot: () => tf.oneHot(index, 4),
  slices: () => [tf.slice(a, [0, 1], [2, 2]), tf.stridedSlice(a, [0, 0], [3, 4], [1, 2])],
  "concat, stack, split": () => [tf.concat([a, b], 1), tf.stack([a, b]), ...tf.unstack(a), ...tf.split(a, 2, 1)],
  "tile, pad, reverse": () => [tf.tile(a, [2, 1]), tf.pad(a, [[1, 0], [0, 2]], 3), tf.mirrorPad(a, [[1, 1], [0, 2]], "reflect"), tf.reverse(a, 1)], // prettier-ignore
  shapes: () => [a.expandDims(1).squeeze(), a.reshape([2, 6]), tf.broadcastTo(v, [3, 4]), ...tf.meshgrid(v, v)],
  casts: () => a.cast("int32").cast("bool").cast("float32"),
  "argMax, topk": () => [tf.argMax(a, 1), tf.argMin(a, 0), ...Object.values(tf.topk(a, 2))],
  reductions: () => [a.sum(1, true), a.mean([0, 1]), tf.cumsum(a, 1, true, true)],
  made: () => [a.add(tf.range(0, 4)), a.add(tf.linspace(0, 1, 4)), a.add(tf.fill([3, 4], 2)), a.matMul(tf.eye(4))],
  "large and made": () => [tf.fill([400], 0).reciprocal(), tf.tensor1d(new Float32Array(400).fill(-0)).reciprocal(), tf.zeros([40, 40]).add(v.sum())], // prettier-ignore
  spectral: () => [
    tf.real(tf.spectral.rfft(v)),
    tf.imag(tf.spectral.rfft(v)),
    tf.real(tf.mul(tf.complex(a, b), tf.complex(b, a))),
  ],
  "linear algebra": () => [
    ...tf.linalg.qr(square),
    tf.linalg.gramSchmidt(square) as Tensor,
    tf.linalg.bandPart(square, 1, 1),
  ],
  resize: () => [tf.image.resizeBilinear(images, [12, 12]), tf.image.resizeNearestNeighbor(images, [12, 12])],
  image: () => [tf.image.flipLeftRight(images), tf.image.rgbToGrayscale(images), tf.image.cropAndResize(images, [[0, 0, 0.5, 0.5]], [0], [3, 3])], // prettier-ignore
  "space and batch": () => [tf.spaceToBatchND(images, [2, 2], [[0, 0], [0, 0]]), tf.depthToSpace(tf.tile(images, [1, 1, 1, 4]), 2)], // prettier-ignore
  bincount: () => tf.bincount(index, tf.tensor1d([]), 4),
  confusionMatrix: () => tf.math.confusionMatrix(index, index, 4),
  losses: () => [tf.losses.absoluteDifference(a, b), tf.losses.huberLoss(a, b), tf.losses.sigmoidCrossEntropy(a.sign(), b), tf.losses.softmaxCrossEntropy(a, b)], // prettier-ignore
  "gradients of elementwise ops": () =>
    gradients((x, y) => x.tanh().mul(y.sigmoid()).add(x.elu()).sub(y.selu()).div(y.softplus())),
  "gradients of pow and prelu": () => gradients((x, y) => tf.pow(x.abs(), y).add(tf.prelu(x, y))),
  "gradients of logSoftmax and max": () => gradients((x, y) => tf.logSoftmax(x).add(y.max(1, true))),
  "gradients of slices": () =>
    gradients((x, y) => tf.concat([x.slice([0, 0], [3, 2]), y.slice([0, 1], [3, 2])], 1).cumsum(1)),
  "gradient of gather": () => gradients((x, y) => tf.gather(x, index).add(tf.gather(y, index, 0))),
  "gradients of conv2d": () => tf.grads((x, k) => sumOfSquares(tf.relu(tf.conv2d(x as Tensor4D, k as Tensor4D, 1, "same"))))([images, kernel]), // prettier-ignore
  "gradient of depthwiseConv2d": () => gradient((x) => tf.depthwiseConv2d(x, depth, 1, "same")),
  "gradient of conv3d": () => gradient((x) => tf.conv3d(x.reshape([1, 2, 6, 6, 3]), volume as never, 1, "same")),
  "gradient of pools": () => gradient((x) => tf.maxPool(x, 2, 2, "same").add(tf.avgPool(x, 2, 2, "same"))),
  "gradient of resizeBilinear": () => gradient((x) => tf.image.resizeBilinear(x, [9, 9])),
  "gradient of localResponseNormalization": () => gradient((x) => tf.localResponseNormalization(x)),
  "gradient of a gradient": () =>
    tf.grad((x: Tensor) =>
      tf
        .grad((y: Tensor) => y.tanh().mul(y).sum())(x)
        .square()
        .sum(),
    )(a),
  customGrad: () => tf.grad(tf.customGrad((x, save) => { (save as (saved: Tensor[]) => void)([x as Tensor]); return { value: (x as Tensor).square(), gradFunc: (dy: Tensor, [saved]: Tensor[]) => dy.mul(saved!).mul(0.1) }; }) as never)(a), // prettier-ignore
};

const CASES: [name: string, op: () => Output][] = [
  ...UNARY.map((name): [string, () => Output] => [name, () => named[name]!(a)]),
  ...BINARY.map((name): [string, () => Output] => [name, () => named[name]!(a.abs(), b)]),
  ...Object.entries(OTHERS),
];

for (const [name, op] of CASES) {
  test(name, () => {
    const before = tf.memory().numTensors;
    const step = compile(op);
    const [expected, found] = [flatten(tf.tidy(op as () => never)), flatten(step())];
    assert.equal(found.tensors.length, expected.tensors.length);
    expected.tensors.forEach((tensor, at) => {
      const other = found.tensors[at]!;
      assert.deepEqual([other.dtype, other.shape], [tensor.dtype, tensor.shape]);
      assertSameBits(other.dataSync(), tensor.dataSync(), `output ${at}`);
    });
    tf.dispose([expected.tensors, found.tensors]);
    step.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
}

test("softmax is oneDNN's in a graph and Eigen's op by op: the same to the last bits", () => {
  const step = compile(() => tf.softmax(a));
  const [expected, found] = [tf.softmax(a), step()];
  assert.ok(relativeError(found.dataSync(), expected.dataSync()) < 3e-7);
  tf.dispose([expected, found]);
  step.dispose();
});
