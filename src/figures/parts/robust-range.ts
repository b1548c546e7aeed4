/**
 * The range of a linear axis that a few values far above all others do not flatten.
 *
 * A value is left out where it is above the upper quartile by more than six times the distance between the quartiles,
 * where such values are at most one in ten, and where leaving them out at least halves the axis. How a curve comes down
 * at its beginning is no outlier: those values stay as long as none is less than a third of the one before.
 *
 * @param curves The values of each curve, in their order.
 * @returns null where no value is to be left out.
 */
export function robustRange(curves: readonly (readonly (number | null)[])[]): readonly [number, number] | null {
  const finite = curves.map((curve) => curve.filter((value) => value !== null && Number.isFinite(value)) as number[]);
  const sorted = finite.flat().sort((a, b) => a - b);
  if (sorted.length < 8) return null;
  const quantile = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  const fence = quantile(0.75) + 6 * (quantile(0.75) - quantile(0.25));
  const inside = finite.flatMap((curve) => {
    const descent = curve.findIndex((value, at) => value <= fence || !((curve[at + 1] ?? 0) >= value / 3));
    return curve.filter((value, at) => value <= fence || at < descent);
  });
  if (inside.length === sorted.length || inside.length < 0.9 * sorted.length) return null;
  const [low, high] = [Math.min(...inside), Math.max(...inside)];
  if (high - low > 0.5 * (sorted.at(-1)! - low)) return null;
  const room = 0.06 * (high - low || Math.abs(high) || 1);
  return [Number((low - room).toPrecision(6)), Number((high + room).toPrecision(6))];
}
