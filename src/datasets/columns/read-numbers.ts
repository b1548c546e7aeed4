/** Numbers that lie one after the other, and the shape that they were found in. */
export interface Numbers {
  readonly values: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

type List = ArrayLike<unknown>;

/** Arrays whose numbers are whole and fit into 32 bits with their sign. */
const WHOLE = [Int32Array, Int16Array, Int8Array, Uint8Array, Uint8ClampedArray, Uint16Array];
const NUMERIC = [...WHOLE, Uint32Array, Float32Array, Float64Array];

/** An array, or an array of numbers of one type. */
export function isList(value: unknown): value is List {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/**
 * Nested arrays as one array of numbers, every one looked at: float32, or int32 where all come from arrays of whole
 * numbers or are true and false.
 *
 * tfjs itself makes 0 of null, NaN of undefined and of text, and looks only at the first array of each depth.
 *
 * @param what names the numbers in errors, such as `train.inputs`
 * @param meant the shape that positions in errors are of. Default: that of the arrays
 * @throws {RangeError} for missing values and numbers that are not finite in float32
 * @throws {TypeError} for uneven lengths and for what is no number
 */
export function readNumbers(nested: List, what: string, meant?: readonly number[]): Numbers {
  const shape: number[] = [];
  let first: unknown = nested;
  while (isList(first)) {
    shape.push(first.length);
    first = first[0];
  }
  const size = shape.reduce((product, length) => product * length, 1);
  const boolean = typeof first === "boolean";
  const leaves: List[] = [];
  gatherLeaves(nested, shape, [], what, leaves);
  const whole = boolean || leaves.every((leaf) => WHOLE.some((kind) => leaf instanceof kind));
  const values = whole ? new Int32Array(size) : new Float32Array(size);
  let at = 0;
  const leafSize = shape[shape.length - 1] ?? 0;
  for (const leaf of leaves) {
    for (let i = 0; i < leafSize; i++) {
      const value = leaf[i];
      // A number that float32 cannot hold is infinite there.
      const found = typeof value === (boolean ? "boolean" : "number") ? Number(value) : NaN;
      if (!Number.isFinite(whole ? found : Math.fround(found))) refuse(value, meant ?? shape, at, what, boolean);
      values[at++] = found;
    }
  }
  return { values, shape };
}

/** The arrays at the innermost depth, in order; all arrays of one depth are equally long. */
function gatherLeaves(
  list: unknown,
  shape: readonly number[],
  path: readonly number[],
  what: string,
  into: List[],
): void {
  const depth = path.length;
  const expected = shape[depth]!;
  const place = path.length === 0 ? "" : ` at ${printPath(path)}`;
  if (!isList(list))
    throw new (isMissing(list) ? RangeError : TypeError)(
      `Expected ${what} to be a tensor or nested arrays of even depth but found ${describe(list)}${place}, where there ` +
        `are arrays elsewhere${remedy(list)}`,
    );
  if (list.length !== expected)
    throw new TypeError(
      `Expected ${what} to be a tensor or nested arrays of even lengths but found lengths ${expected} and ` +
        `${list.length} beside each other${place}: cut or fill them up to one length`,
    );
  if (ArrayBuffer.isView(list) && !NUMERIC.some((kind) => list instanceof kind))
    throw new TypeError(
      `Expected ${what} to hold numbers but found a ${list.constructor.name}${place}: make numbers of it, ` +
        "Float32Array.from(column, Number)",
    );
  if (depth === shape.length - 1) into.push(list);
  else for (let i = 0; i < list.length; i++) gatherLeaves(list[i], shape, [...path, i], what, into);
}

/** Says what is no number, and where. */
function refuse(value: unknown, shape: readonly number[], at: number, what: string, boolean: boolean): never {
  const path = positionOf(at, shape);
  const place = `in sample ${path[0]}${shape.length > 1 ? `, at ${printPath(path)}` : ""}`;
  if (boolean !== (typeof value === "boolean") && (typeof value === "number" || typeof value === "boolean"))
    throw new TypeError(
      `Expected ${what} to hold ${boolean ? "true and false throughout" : "finite numbers"} but found ${describe(value)} ` +
        `${place}: make numbers of all of them, column.map(Number)`,
    );
  if (isMissing(value) || typeof value === "number") {
    const beyond = Number.isFinite(value) ? ", beyond the range of float32," : "";
    throw new RangeError(
      `Expected ${what} to hold finite numbers but found ${describe(value)}${beyond} ${place}${remedy(value)}`,
    );
  }
  throw new TypeError(`Expected ${what} to hold numbers but found ${describe(value)} ${place}${remedy(value)}`);
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined;
}

/** Where the number at a place of the flat array stands in the nested ones. */
export function positionOf(at: number, shape: readonly number[]): number[] {
  const path: number[] = [];
  for (let axis = shape.length - 1, rest = at; axis >= 0; axis--) {
    path.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return path;
}

/** `[0][1]`. */
export function printPath(path: readonly number[]): string {
  return path.map((index) => `[${index}]`).join("");
}

/** A value by its kind, and itself where it is short. */
export function describe(value: unknown): string {
  if (value === null || typeof value === "number" || typeof value === "boolean" || value === undefined)
    return String(value);
  if (typeof value === "bigint") return `the bigint ${value}n`;
  if (typeof value === "string")
    return `string ${JSON.stringify(value.length > 20 ? `${value.slice(0, 20)}…` : value)}`;
  if (isList(value)) return "an array";
  if (typeof value === "object") return `an object (${value.constructor?.name ?? "without a class"})`;
  return `a ${typeof value}`;
}

function remedy(value: unknown): string {
  if (isMissing(value) || typeof value === "number") return ": leave the sample out, or put a number in its place";
  if (typeof value === "bigint" || typeof value === "string") return ": make numbers of them, column.map(Number)";
  return "";
}
