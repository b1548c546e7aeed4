const channels = (colour: string): number[] => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

/**
 * The colour at a place of a colour scale, between its stops by linear interpolation.
 *
 * @param sequence `[position, "#rrggbb"]` pairs, positions rising from 0 to 1.
 * @param position From 0 to 1; clipped to that.
 */
export function sequenceColour(sequence: readonly (readonly [number, string])[], position: number): string {
  const at = Math.min(1, Math.max(0, position));
  const upper = sequence.findIndex(([stop]) => stop >= at);
  const high = sequence[upper];
  const low = sequence[Math.max(0, upper - 1)];
  if (!high || !low) throw new RangeError("Expected a colour scale that ends at 1");
  const share = high[0] === low[0] ? 0 : (at - low[0]) / (high[0] - low[0]);
  const [from, to] = [channels(low[1]), channels(high[1])];
  const mixed = from.map((value, index) => Math.round(value + share * ((to[index] ?? value) - value)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
