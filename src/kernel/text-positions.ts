/**
 * Jupyter counts characters, JavaScript the halves of those beyond 65,536 too: an emoji before the cursor puts the two
 * one apart.
 */
export function fromCharacters(text: string, position: number): number {
  return [...text].slice(0, position).join("").length;
}

/** The other way round. */
export function toCharacters(text: string, position: number): number {
  return [...text.slice(0, position)].length;
}
