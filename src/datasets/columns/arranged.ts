import type { Arranged } from "../types";

/** Everything in one list: inputs, targets, further targets, weights. */
export function listOf<Each>({ inputs, targets, moreTargets, weights }: Arranged<Each>): Each[] {
  return [...inputs, targets, ...moreTargets, ...(weights === null ? [] : [weights])];
}

/** A list in that order, arranged as something else is. */
export function arrange<Each>(list: readonly Each[], like: Arranged<unknown>): Arranged<Each> {
  const inputs = like.inputs.length;
  const more = inputs + 1 + like.moreTargets.length;
  return {
    inputs: list.slice(0, inputs),
    targets: list[inputs]!,
    moreTargets: list.slice(inputs + 1, more),
    weights: like.weights === null ? null : list[more]!,
  };
}

/** Each of them changed, in the same arrangement; told whether it is an input. */
export function mapArranged<From, To>(
  arranged: Arranged<From>,
  change: (each: From, isInput: boolean, at: number) => To,
): Arranged<To> {
  const changed = listOf(arranged).map((each, at) => change(each, at < arranged.inputs.length, at));
  return arrange(changed, arranged);
}
