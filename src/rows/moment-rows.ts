/** The rows of one measured step: the last of an epoch, or the last of all. */
export function momentRows<Row extends { epoch: number; step: number }>(
  rows: readonly Row[],
  epoch: number | null,
  what: string,
): Row[] {
  const measured = [...new Set(rows.map((row) => row.epoch))];
  const wanted = epoch ?? Math.max(...measured);
  if (!measured.includes(wanted)) {
    const found = measured.length > 0 ? `${what} of epochs ${measured.join(", ")}` : `no ${what}`;
    throw new RangeError(
      epoch === null
        ? `Found ${found}; train with measure: { statistics: ["${what}"] }`
        : `Expected epoch to be one that was measured but found ${epoch}: the run has ${found}`,
    );
  }
  const own = rows.filter((row) => row.epoch === wanted);
  const last = Math.max(...own.map(({ step }) => step));
  return own.filter(({ step }) => step === last);
}
