/** Values chain by chain, with a gap in the line between chains. */
export function alongChains<Value>(values: readonly Value[], chains: readonly (readonly number[])[]): (Value | null)[] {
  return chains.flatMap((places, at) => {
    const own = places.map((place) => values[place]!);
    return at === 0 ? own : [null, ...own];
  });
}
