/**
 * How one JSON value becomes another, as JSON; null where they are alike.
 *
 * - `[0, value]`: it is replaced
 * - `[1, { key: difference }, [key, …]]`: fields of an object change, and these go
 * - `[2, n, { place: difference }, [value, …]]`: of a list the first n stay, with these changes; these are appended
 * - `[3, n, [value, …]]`: of every list in a list the first n values stay and one is appended: a column of a heat map
 */
export type Difference = readonly [0 | 1 | 2 | 3, ...unknown[]] | null;

type Fields = Readonly<Record<string, unknown>>;

/** How `before` becomes `after`; values that are the same object are taken to be alike. */
export function difference(before: unknown, after: unknown): Difference {
  if (Object.is(before, after)) return null;
  if (Array.isArray(before) && Array.isArray(after)) return ofLists(before, after);
  if (isFields(before) && isFields(after)) return ofFields(before, after);
  return [0, after];
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function ofFields(before: Fields, after: Fields): Difference {
  const changes: Record<string, Difference> = {};
  for (const [key, value] of Object.entries(after)) {
    if (value === undefined) continue;
    const change = key in before ? difference(before[key], value) : ([0, value] as const);
    if (change) changes[key] = change;
  }
  const gone = Object.keys(before).filter((key) => before[key] !== undefined && after[key] === undefined);
  return Object.keys(changes).length + gone.length === 0 ? null : [1, changes, gone];
}

function ofLists(before: readonly unknown[], after: readonly unknown[]): Difference {
  const column = ofColumns(before, after);
  if (column) return column;
  const kept = Math.min(before.length, after.length);
  const changes: Record<number, Difference> = {};
  for (let at = 0; at < kept; at++) {
    const change = difference(before[at], after[at]);
    if (change) changes[at] = change;
  }
  const appended = after.slice(kept);
  if (Object.keys(changes).length === 0 && appended.length === 0 && before.length === after.length) return null;
  return [2, kept, changes, appended];
}

/** Lists of equal length that all differ from before in their last value alone. */
function ofColumns(before: readonly unknown[], after: readonly unknown[]): Difference {
  if (before.length !== after.length || before.length < 2) return null;
  const [first] = after;
  if (!Array.isArray(first) || first.length === 0) return null;
  const n = first.length - 1;
  const fits = after.every((row, at) => {
    const old = before[at];
    if (!Array.isArray(row) || !Array.isArray(old) || row.length !== n + 1 || old.length < n) return false;
    return row.every((value, place) => place === n || Object.is(value, old[place]));
  });
  if (!fits) return null;
  const values = after.map((row) => (row as unknown[])[n]);
  const alike = before.every(
    (row, at) => (row as unknown[]).length === n + 1 && Object.is((row as unknown[])[n], values[at]),
  );
  return alike || values.some((value) => typeof value === "object" && value !== null) ? null : [3, n, values];
}
