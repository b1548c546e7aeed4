/**
 * An exponential moving average, divided by the weight that it has gathered so that it does not begin near 0; gaps stay
 * gaps.
 *
 * @param smoothing From 0, which changes nothing, to below 1.
 */
export function smoothed(values: readonly (number | null)[], smoothing: number): (number | null)[] {
  if (smoothing === 0) return [...values];
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    if (value === null) return null;
    sum = smoothing * sum + (1 - smoothing) * value;
    weight = smoothing * weight + (1 - smoothing);
    return sum / weight;
  });
}
