/** A curve by the name that the legend gives it. */
export interface NamedCurve {
  name: string;
  x: readonly number[];
  y: readonly (number | null)[];
}

/**
 * Says which curves lie on one another, so that nobody takes the last one drawn for the only one.
 *
 * @param curves In the order in which they are drawn.
 * @returns Groups of names; curves that differ somewhere by more than a two-hundredth of the whole span are not in one.
 */
export function coinciding(curves: readonly NamedCurve[]): string[][] {
  let [low, high] = [Infinity, -Infinity];
  for (const { y } of curves)
    for (const value of y) if (value !== null) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const near = (high - low || Math.abs(high) || 1) / 200;
  const same = (a: NamedCurve, b: NamedCurve) =>
    a.x.length > 1 &&
    a.x.length === b.x.length &&
    a.y.some((value) => value !== null) &&
    a.x.every((x, at) => {
      const [one, other] = [a.y[at] ?? null, b.y[at] ?? null];
      if (x !== b.x[at]) return false;
      return one === null || other === null ? one === other : Math.abs(one - other) <= near;
    });
  const groups: NamedCurve[][] = [];
  for (const curve of curves) {
    const group = groups.find(([first]) => first !== undefined && same(first, curve));
    if (group) group.push(curve);
    else groups.push([curve]);
  }
  return groups.filter((group) => group.length > 1).map((group) => group.map(({ name }) => name));
}
