/**
 * Carries out a `difference`; returns the new value and leaves the old one as it is.
 *
 * Sent to the page as it stands, like all of this folder: it names nothing outside itself.
 */
export function patch(before: unknown, change: readonly unknown[] | null): unknown {
  if (!change) return before;
  const [kind, ...rest] = change as [number, ...unknown[]];
  if (kind === 0) return rest[0];
  if (kind === 1) {
    const [changes, gone] = rest as [Record<string, unknown[]>, string[]];
    const after: Record<string, unknown> = { ...(before as object) };
    for (const key of gone) delete after[key];
    for (const key of Object.keys(changes)) after[key] = patch(after[key], changes[key] as unknown[]);
    return after;
  }
  if (kind === 3) {
    const [count, values] = rest as [number, unknown[]];
    return (before as unknown[][]).map((row, at) => [...row.slice(0, count), values[at]]);
  }
  const [count, changes, appended] = rest as [number, Record<string, unknown[]>, unknown[]];
  const after = (before as unknown[]).slice(0, count);
  for (const at of Object.keys(changes)) after[Number(at)] = patch(after[Number(at)], changes[at] as unknown[]);
  return [...after, ...appended];
}
