/**
 * Stage ends for a shorter training: each multiplied by `factor`, rounded (halves down) and kept at least one epoch after
 * the one before.
 *
 * @throws {RangeError} unless the factor is above 0
 */
export function scaleEnds<S extends { readonly end: number }>(stages: readonly S[], factor: number): S[] {
  if (!(factor > 0 && Number.isFinite(factor))) {
    throw new RangeError(`Expected epochScale to be above 0 but found ${factor}`);
  }
  // Ends that do not increase are for the plan's own check to refuse.
  if (factor === 1) return [...stages];
  let before = 0;
  return stages.map((stage) => {
    before = Math.max(before + 1, Math.ceil(stage.end * factor - 0.5));
    return { ...stage, end: before };
  });
}
