/** Entries of many epochs of which every `stride`-th is kept, and the last in any case. */
export interface Downsampled<Entry> {
  readonly stride: number;
  readonly entries: readonly Entry[];
}

export function downsampled<Entry>(): Downsampled<Entry> {
  return { stride: 1, entries: [] };
}

/**
 * Adds the entry of a later epoch; where there are more than `most`, every second one goes.
 *
 * So a dashboard of ten thousand epochs is as large as one of a few hundred, and evenly spaced.
 */
export function addDownsampled<Entry extends object>(
  { stride, entries }: Downsampled<Entry>,
  entry: Entry,
  epochOf: (entry: Entry) => number,
  most: number,
): Downsampled<Entry> {
  const first = epochOf(entries[0] ?? entry);
  const onStride = (each: Entry) => (epochOf(each) - first) % stride === 0;
  const last = entries.at(-1);
  const before = last && !onStride(last) ? entries.slice(0, -1) : entries;
  const all = [...before, entry];
  if (all.length <= most) return { stride, entries: all };
  const wider = 2 * stride;
  return {
    stride: wider,
    entries: all.filter((each, at) => at === all.length - 1 || (epochOf(each) - first) % wider === 0),
  };
}
