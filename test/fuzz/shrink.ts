/**
 * Makes a failing case smaller while it fails in the same way.
 *
 * @param smaller cases that are a bit smaller, the boldest first
 * @param fails whether a case still fails
 * @param budget milliseconds after which the smallest so far will do
 */
export async function shrink<Case>(
  failing: Case,
  smaller: (each: Case) => Iterable<Case>,
  fails: (each: Case) => boolean | Promise<boolean>,
  budget = 30_000,
): Promise<Case> {
  const end = Date.now() + budget;
  let smallest = failing;
  for (let progress = true; progress;) {
    progress = false;
    for (const candidate of smaller(smallest)) {
      if (Date.now() > end) return smallest;
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      progress = true;
      break;
    }
  }
  return smallest;
}
