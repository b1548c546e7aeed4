import { runInThisContext } from "node:vm";
import * as ga from "../../../src/index";
import { batchNormTraining, type Tensor, type Tensor1D, type Variable } from "../../../src/tensorflow";
import { symmetric } from "../../support/deterministic";

/**
 * What an input holds: numbers of −2 to 2; whole ones, so that many are equal; NaN and infinities among them; or these and
 * denormals and numbers near float32's largest.
 */
export type Filling = "numbers" | "whole" | "not finite" | "special";

/** A tensor that a program is called with. */
export interface ProgramInput {
  readonly shape: readonly number[];
  readonly filling: Filling;
}

/** One operation: JavaScript in which $0, $1 … stand for earlier values. */
export interface Line {
  readonly code: string;
  readonly args: readonly number[];
}

/** What is made of a program's outputs. */
export const MODES = [
  "forward",
  "gradient",
  "value and gradient",
  "gradient twice",
  "penalty",
  "second gradient",
  "update",
] as const;
export type Mode = (typeof MODES)[number];

/** A function of tensors: values are the inputs, then one for each line. */
export interface TensorProgram {
  readonly inputs: readonly ProgramInput[];
  readonly lines: readonly Line[];
  /** Which values come out; all others may be dead ends. */
  readonly outputs: readonly number[];
  readonly mode: Mode;
  readonly precision: "float32" | "bfloat16";
}

const NOT_FINITE = [NaN, Infinity, -Infinity, -0, 0];
const SPECIAL = [NaN, Infinity, -Infinity, -0, 0, 1e-40, -1e-42, 3e38, 1e30, 1e-30];

/** The numbers of an input, others for each call. */
export function inputValues({ shape, filling }: ProgramInput, place: number, call: number): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = symmetric(`input ${place} of call ${call}`, count, 2);
  if (filling === "whole") return values.map(Math.round);
  const instead = filling === "special" ? SPECIAL : filling === "not finite" ? NOT_FINITE : [];
  if (instead.length > 0) {
    for (let at = (place + call) % 3; at < count; at += 5) values[at] = instead[(at + place + call) % instead.length]!;
  }
  return values;
}

const names = (count: number) => Array.from({ length: count }, (_, at) => `v${at}`);

/** The program's function as JavaScript: `(v0, v1) => [ … ]`, of `tf` and `ga`. */
export function sourceOf({ inputs, lines, outputs, mode }: TensorProgram): string {
  const own = names(inputs.length).join(", ");
  const body = lines.map(({ code, args }, at) => {
    const call = code.replace(/\$(\d)/g, (_, place: string) => `v${args[Number(place)]!}`);
    return `    const v${inputs.length + at} = ${call};`;
  });
  const values = outputs.map((value) => `v${value}`);
  const losses = values.map((value, at) => (at % 2 === 0 ? `tf.sum(tf.square(${value}))` : `tf.sum(${value})`));
  const forward = [`  const forward = (${own}) => {`, ...body, `    return [${values.join(", ")}];`, "  };"];
  const loss = [`  const loss = (${own}) => {`, ...body, `    return ${losses.reduce((sum, each) => `tf.add(${sum}, ${each})`)};`, "  };"]; // prettier-ignore
  const penalty = `  const penalty = (...x) => tf.grads(loss)(x).map((each) => tf.sum(tf.square(each))).reduce((a, b) => tf.add(a, b));`;
  const rest: Record<Mode, string[]> = {
    forward: [...forward, `  return forward(${own});`],
    gradient: [...loss, `  return tf.grads(loss)([${own}]);`],
    "value and gradient": [
      ...loss,
      `  const { value, grads } = tf.valueAndGrads(loss)([${own}]);`,
      "  return [value, ...grads];",
    ],
    "gradient twice": [
      ...loss,
      `  const [first, second] = [tf.grads(loss)([${own}]), tf.grads(loss)([${own}])];`,
      "  return [...first, ...first.map((each, at) => tf.add(each, second[at]))];",
    ],
    penalty: [...loss, penalty, `  return [penalty(${own})];`],
    "second gradient": [...loss, penalty, `  return tf.grads(penalty)([${own}]);`],
    update: [
      ...loss,
      `  const grads = tf.grads(loss)([${own}]);`,
      "  variables.forEach((variable, at) => variable.assign(tf.sub(variable, tf.mul(grads[at], 0.5))));",
      "  return variables.map((variable) => variable.clone());",
    ],
  };
  return [`(${own}) => {`, ...rest[mode], "}"].join("\n");
}

/** What programs call beside tfjs and gradamp. */
export const own = {
  /** A training batch normalised, with a scale and an offset for each channel. */
  batchNorm(x: Tensor, divisor: number, unbiased: boolean): Tensor {
    const channels = x.shape.at(-1)!;
    const vector = (first: number, by: number) => ga.tf.div(ga.tf.range(first, first + channels), by) as Tensor1D;
    return batchNormTraining(x, {
      ...{ gamma: vector(1, divisor), beta: vector(0, -4), epsilon: 1e-3, keep: 0.9, unbiased },
      ...{ runningMean: ga.tf.zeros([channels]), runningVariance: ga.tf.ones([channels]) },
    }).output;
  },
};

export type Step = (...inputs: Tensor[]) => Tensor[];

/** The program as a function; `variables` is what the mode "update" assigns. */
export function stepOf(program: TensorProgram, variables: readonly Variable[]): Step {
  const make = runInThisContext(`(tf, ga, own, variables) => ${sourceOf(program)}`) as (...given: unknown[]) => Step;
  return make(ga.tf, ga, own, variables);
}

/** A script of its own that shows what an engine makes of a program. */
export function scriptOf(program: TensorProgram, seed: number): string {
  return `// Seed ${seed}. Run beside a built checkout: GRADAMP=<checkout> node script.cjs
const ga = require(\`\${process.env.GRADAMP ?? process.cwd()}/dist/src/index.js\`);
const { inputValues, own } = require(\`\${process.env.GRADAMP ?? process.cwd()}/dist/test/fuzz/tensor-programs/program.js\`);
const { tf } = ga;
const inputs = ${JSON.stringify(program.inputs)}.map((each, at) => tf.tensor(inputValues(each, at, 0), each.shape));
const variables = inputs.map((each) => tf.variable(each));
const step = ${sourceOf(program)};
const show = (name, results) => console.log(name, ...results.map((each) => Array.from(each.dataSync()).slice(0, 20).join(" ")));
show("op by op", tf.tidy(() => step(...inputs)));
variables.forEach((variable, at) => variable.assign(inputs[at]));
show("compiled", ga.graph.compile(step, { precision: ${JSON.stringify(program.precision)} })(...inputs));`;
}
