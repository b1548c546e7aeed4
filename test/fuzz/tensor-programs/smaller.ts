import type { TensorProgram } from "./program";

/** Programs with fewer outputs, a line less, simpler inputs or a simpler mode. */
export function* smallerPrograms(program: TensorProgram): Iterable<TensorProgram> {
  const { inputs, lines, outputs, mode, precision } = program;
  if (outputs.length > 1)
    for (const left of outputs) yield { ...program, outputs: outputs.filter((each) => each !== left) };
  for (let at = lines.length - 1; at >= 0; at--) {
    const place = inputs.length + at;
    // What was made of the line is made of one of its arguments.
    for (const instead of new Set(lines[at]!.args)) {
      const move = (value: number) => (value === place ? instead : value > place ? value - 1 : value);
      yield {
        ...program,
        lines: lines.filter((_, line) => line !== at).map(({ code, args }) => ({ code, args: args.map(move) })),
        outputs: [...new Set(outputs.map(move))],
      };
    }
  }
  for (let at = inputs.length - 1; at >= 0; at--) {
    const isUsed = outputs.includes(at) || lines.some(({ args }) => args.includes(at));
    if (isUsed || inputs.length === 1) continue;
    const move = (value: number) => (value > at ? value - 1 : value);
    yield {
      ...program,
      inputs: inputs.filter((_, each) => each !== at),
      lines: lines.map(({ code, args }) => ({ code, args: args.map(move) })),
      outputs: outputs.map(move),
    };
  }
  if (mode !== "gradient" && mode !== "forward") yield { ...program, mode: "gradient" };
  if (precision === "bfloat16") yield { ...program, precision: "float32" };
  for (const [at, { shape, filling }] of inputs.entries()) {
    const replaced = (input: (typeof inputs)[number]) => ({ ...program, inputs: inputs.map((each, place) => (place === at ? input : each)) }); // prettier-ignore
    if (filling !== "numbers") yield replaced({ shape, filling: "numbers" });
    if (shape[0]! > 1) yield replaced({ shape: [1, ...shape.slice(1)], filling });
  }
}
