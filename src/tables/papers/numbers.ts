import type { PublishedRow } from "./published-row";

/** Values that columns must have. */
export type Where = Partial<Record<keyof PublishedRow, string | number | null>>;

/** Ways to look published numbers up. */
export interface Numbers {
  select: (where: Where) => PublishedRow[];
  values: (where: Where) => number[];
  /** The first one; a RangeError where there is none. */
  one: (where: Where) => PublishedRow;
}

export function numbersOf(rows: readonly PublishedRow[]): Numbers {
  const select = (where: Where) =>
    rows.filter((row) => Object.entries(where).every(([key, value]) => row[key as keyof PublishedRow] === value));
  return {
    select,
    values: (where) => select(where).map((row) => row.value),
    one: (where) => {
      const [row] = select(where);
      if (row === undefined) {
        throw new RangeError(`Expected a published number for ${JSON.stringify(where)} but found none`);
      }
      return row;
    },
  };
}

/** A fraction as the papers print it. */
export const percent = (value: number) => `${(value * 100).toFixed(2)} %`;
