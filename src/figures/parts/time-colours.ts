import { sequenceColour } from "./sequence-colour";
import type { Theme } from "./theme";

/** Up to so many epochs or steps have colours that one can tell apart and names in the legend; more have a colour bar. */
export const FEW_TIMES = 6;

/** A colour for each epoch or step, early to late: evenly apart where they are few, else by when they are. */
export function timeColours(times: readonly number[], look: Theme): Map<number, string> {
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  return new Map(
    times.map((time, at) => {
      const even = times.length === 1 ? 1 : at / (times.length - 1);
      const place = times.length <= FEW_TIMES ? even : (time - first) / (last - first);
      return [time, sequenceColour(look.sequence, place)];
    }),
  );
}
