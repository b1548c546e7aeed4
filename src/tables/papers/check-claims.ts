import { gaClaims } from "./ga-claims";
import { igaClaims } from "./iga-claims";
import { numbersOf } from "./numbers";
import type { PaperCheck, PublishedRow } from "./published-row";
import { vgpClaims } from "./vgp-claims";

/** Claims that the papers make in words or across tables, each beside what their numbers give. */
export function checkClaims(rows: readonly PublishedRow[]): PaperCheck[] {
  const numbers = numbersOf(rows);
  return [...vgpClaims(numbers), ...gaClaims(numbers), ...igaClaims(numbers)];
}
