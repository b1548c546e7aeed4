import { type Optimizer as TfjsOptimizer, type Tensor, tf, type Variable } from "../../tensorflow";

/** What a tfjs optimizer keeps for one of the model's variables. */
interface Slot {
  readonly originalName: string;
  readonly variable: Variable;
}

/**
 * The variables that a tfjs optimizer keeps, by its field: single ones, as Adam's powers of β, and lists of one for each
 * variable of the model.
 *
 * Its own `getWeights` leaves the single ones out and `setWeights` reckons them from a counter in JavaScript, which stands
 * still where whole steps are run by TensorFlow.
 */
export function tfjsOptimizerTensors(optimizer: TfjsOptimizer): { name: string; tensor: Tensor }[] {
  return Object.entries(optimizer).flatMap(([field, value]: [string, unknown]) => {
    if (value instanceof tf.Variable) return [{ name: field, tensor: value as Tensor }];
    return slots(value).map(({ originalName, variable }) => ({
      name: `${field}:${originalName}`,
      tensor: variable as Tensor,
    }));
  });
}

/** Gives a tfjs optimizer the variables of another one of its kind. */
export function restoreTfjsOptimizer(
  optimizer: TfjsOptimizer,
  saved: readonly { name: string; tensor: Tensor }[],
): void {
  const fields = optimizer as unknown as Record<string, unknown>;
  const lists = new Map<string, Slot[]>();
  for (const { name, tensor } of saved) {
    const at = name.indexOf(":");
    const field = at < 0 ? name : name.slice(0, at);
    const known = fields[field];
    if (at < 0 && known instanceof tf.Variable) known.assign(tensor as Tensor<never>);
    else if (at >= 0 && Array.isArray(known)) {
      const list = lists.get(field) ?? [];
      list.push({ originalName: name.slice(at + 1), variable: tensor.variable(false) });
      lists.set(field, list);
    } else throw new RangeError(`Expected the state of ${optimizer.getClassName()} but found ${name} in it`);
    tensor.dispose();
  }
  for (const [field, list] of lists) {
    for (const { variable } of slots(fields[field])) variable.dispose();
    fields[field] = list;
  }
}

/** The lists of one variable for each weight that a tfjs optimizer keeps; none before its first step. */
export function slotLists(optimizer: TfjsOptimizer): Variable[][] {
  return Object.values(optimizer)
    .map((value) => slots(value).map(({ variable }) => variable))
    .filter((list) => list.length > 0);
}

function slots(value: unknown): Slot[] {
  if (!Array.isArray(value)) return [];
  return value.filter((entry: Partial<Slot> | null) => entry?.variable instanceof tf.Variable) as Slot[];
}
