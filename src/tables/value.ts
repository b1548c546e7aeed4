/** What a cell of a table may hold; `undefined` reads as missing, as null does. */
export type Value = number | string | boolean | Date | null | undefined;
