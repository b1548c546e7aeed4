import { sequenceColour } from "../parts/sequence-colour";
import { theme } from "../parts/theme";

/**
 * The light theme's colours, each with the dark theme's in its place, by which a page repaints a figure.
 *
 * @param figure Colours between the stops of the scale, and colours with an opacity, are found in it and added.
 */
export function darkColours(figure: unknown = null): Record<string, string> {
  const [light, dark] = [theme("light"), theme("dark")];
  const plain = (
    ["ink", "ground", "grid", "faint", "baseline", "amplified", "baselineTraining", "amplifiedTraining"] as const
  ).map((name) => [light[name], dark[name]] as const);
  const categories = light.categories.map((colour, at) => [colour, dark.categories[at] ?? colour] as const);
  const sequence = light.sequence.map(([at, colour]) => [colour, sequenceColour(dark.sequence, at)] as const);
  const known = new Map<string, string>([...sequence, ...categories, ...plain]);
  const visit = (value: unknown): void => {
    if (typeof value === "string" && /^#[0-9a-f]{6}(?:[0-9a-f]{2})?$/i.test(value) && !known.has(value)) {
      const [opaque, opacity] = [value.slice(0, 7), value.slice(7)];
      const found = known.get(opaque) ?? between(opaque);
      if (found !== null) known.set(value, found + opacity);
    } else if (Array.isArray(value)) {
      if (typeof value[0] !== "number" || typeof value[1] === "string") value.forEach(visit);
    } else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  /** The dark theme's colour at the same place of its scale, or of the way from the ground to a colour. */
  const between = (colour: string): string | null => {
    const scales: (readonly [from: typeof light.sequence, to: typeof light.sequence])[] = [
      [light.sequence, dark.sequence],
      ...(["baseline", "amplified", "faint"] as const).map(
        (name) =>
          [
            [
              [0, light.ground],
              [1, light[name]],
            ],
            [
              [0, dark.ground],
              [1, dark[name]],
            ],
          ] as const,
      ),
    ];
    for (const [from, to] of scales)
      for (let step = 0; step <= 512; step++)
        if (isNear(sequenceColour(from, step / 512), colour)) return sequenceColour(to, step / 512);
    return null;
  };
  visit(figure);
  return Object.fromEntries(known);
}

const channels = (colour: string) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

const isNear = (a: string, b: string) => channels(a).every((value, at) => Math.abs(value - channels(b)[at]!) <= 1);
