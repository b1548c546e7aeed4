declare module "fast-levenshtein" {
  /** How many letters have to be put in, left out or changed to make one text of the other. */
  export function get(a: string, b: string): number;
}
