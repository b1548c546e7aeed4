import { get as distance } from "fast-levenshtein";

const sorted = (text: string) => [...text].sort().join("");

/**
 * The name that a misspelt one was meant to be: the one with the fewest letters to change, among those of which not more
 * than about a third differs; null where none is so near.
 */
export function nearest(word: string, names: Iterable<string>): string | null {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_\s]/g, "");
  let found: string | null = null;
  let least = Infinity;
  for (const name of names) {
    const [a, b] = [plain(word), plain(name)];
    // Letters that changed places are one slip, not two.
    const apart = sorted(a) === sorted(b) ? Math.min(1, distance(a, b)) : distance(a, b);
    if (apart < least && apart <= Math.max(1, Math.ceil(Math.max(word.length, name.length) / 3))) {
      found = name;
      least = apart;
    }
  }
  return found;
}
