import { compile } from "../../../src/graph";
import { type Tensor, tf } from "../../../src/tensorflow";
import { inputValues, stepOf, type TensorProgram } from "./program";

/** What came of a program. */
export type Outcome =
  | { readonly kind: "same" }
  /** tfjs refuses it op by op, or it is a case that cannot be compared. */
  | { readonly kind: "skipped"; readonly why: string }
  | { readonly kind: "different"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string };

/** Calls of each program: with other numbers, so that nothing may be frozen. */
const CALLS = 2;

interface Results {
  readonly values: readonly Float32Array[];
  readonly shapes: readonly string[];
}

const take = (tensors: readonly Tensor[]): Results => {
  const shapes = tensors.map(({ shape, dtype }) => `${dtype}[${String(shape)}]`);
  const values = tensors.map((tensor) => Float32Array.from(tensor.dataSync()));
  tf.dispose([...tensors]);
  return { shapes, values };
};

function run(program: TensorProgram, compiled: boolean): Results[] {
  const calls = Array.from({ length: CALLS }, (_, call) =>
    program.inputs.map((each, at) => tf.tensor(inputValues(each, at, call), [...each.shape])),
  );
  const variables = program.mode === "update" ? calls[0]!.map((each) => tf.variable(each)) : [];
  const step = stepOf(program, variables);
  const whole = compiled ? compile(step, { precision: program.precision }) : null;
  try {
    return calls.map((inputs) => take(whole ? whole(...inputs) : tf.tidy(() => step(...inputs))));
  } finally {
    whole?.dispose();
    tf.dispose([calls, variables]);
  }
}

/** float32's largest numbers and infinity are as good as the same, and so are its smallest and zero. */
const clamp = (value: number) =>
  Math.abs(value) < 1e-36 ? 0 : Math.abs(value) > 4e37 ? Math.sign(value) * Infinity : value;

/** Whether two numbers are as good as the same. */
export const isClose = (a: number, b: number, tolerance: number) =>
  Object.is(a, b) || clamp(a) === clamp(b) || Math.abs(a - b) <= tolerance;

/** Why two results differ; null where they do not. */
function difference({ values, shapes }: Results, expected: Results, program: TensorProgram): string | null {
  if (String(shapes) !== String(expected.shapes)) return `shapes ${shapes.join(" ")} instead of ${expected.shapes.join(" ")}`; // prettier-ignore
  const isShort = program.precision === "bfloat16";
  for (const [at, wanted] of expected.values.entries()) {
    const found = values[at]!;
    const largest = wanted.reduce(
      (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
      0,
    );
    // Op by op and compiled the same kernels run: what differs is where a factor is multiplied.
    const tolerance = isShort ? 0.2 * largest + 0.2 : 2e-6 * largest;
    const place = wanted.findIndex((value, index) => !isClose(found[index]!, value, tolerance));
    if (place >= 0) return `output ${at}[${place}] is ${found[place]} instead of ${wanted[place]} (largest ${largest})`;
  }
  return null;
}

/** Runs a program op by op and compiled. */
export function checkProgram(program: TensorProgram): Outcome {
  let expected: Results[];
  try {
    expected = run(program, false);
  } catch (error) {
    return { kind: "skipped", why: (error as Error).message };
  }
  // TensorFlow runs convolutions of images smaller than the filter op by op, and refuses them in a graph.
  if (expected.some(({ values }) => values.some(({ length }) => length === 0)))
    return { kind: "skipped", why: "empty" };
  // Rounding grows in gradients of gradients, and what is not finite or not continuous tells little in 8 bits.
  if (program.precision === "bfloat16" && !isTame(program, expected))
    return { kind: "skipped", why: "too rough for bfloat16" };
  let found: Results[];
  try {
    found = run(program, true);
  } catch (error) {
    return { kind: "failed", why: `${(error as Error).name}: ${(error as Error).message}` };
  }
  for (const [call, results] of found.entries()) {
    const why = difference(results, expected[call]!, program);
    // Near float32's limits a factor that is multiplied a little earlier or later decides what overflows and what vanishes.
    if (why && isOfLimitsAlone(program)) return { kind: "skipped", why: "at the limits of float32" };
    if (why) return { kind: "different", why: `call ${call}, ${why}` };
  }
  return { kind: "same" };
}

/** Whether a program that differs does not with the same inputs but for numbers next to float32's largest and smallest. */
function isOfLimitsAlone(program: TensorProgram): boolean {
  if (program.inputs.every(({ filling }) => filling !== "special")) return false;
  const inputs = program.inputs.map((each) => ({ ...each, filling: "not finite" as const }));
  return checkProgram({ ...program, inputs }).kind === "same";
}

const ROUGH = /floor|sign|step|int32|greater|max|min|relu6|clip|prelu|abs|leakyRelu|relu|own|div|log|sqrt|mul/;

function isTame({ lines, mode, inputs }: TensorProgram, expected: readonly Results[]): boolean {
  return (
    (mode === "forward" || mode === "gradient") &&
    inputs.every(({ filling }) => filling === "numbers" || filling === "whole") &&
    lines.length <= 8 &&
    lines.every(({ code }) => !ROUGH.test(code)) &&
    expected.every(({ values }) => values.every((each) => each.every((value) => Math.abs(value) < 1e3)))
  );
}
