import { sequenceColour } from "../figures/parts/sequence-colour";
import { theme } from "../figures/parts/theme";

/** The colours of the light theme, each with the dark theme's in its place: a page repaints by it, whatever it shows. */
export function darkColours(): Record<string, string> {
  const [light, dark] = [theme("light"), theme("dark")];
  const plain = (
    ["ink", "ground", "grid", "faint", "baseline", "amplified", "baselineTraining", "amplifiedTraining"] as const
  ).map((name) => [light[name], dark[name]] as const);
  const categories = light.categories.map((colour, at) => [colour, dark.categories[at] ?? colour] as const);
  const sequence = light.sequence.map(([at, colour]) => [colour, sequenceColour(dark.sequence, at)] as const);
  return Object.fromEntries([...sequence, ...categories, ...plain]);
}
