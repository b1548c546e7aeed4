/** What a column holds: `"flag"` is true or false, `"counts"` a list of whole numbers; with `?` it may be null. */
export type ColumnType = PlainType | `${PlainType}?`;

type PlainType = "integer" | "number" | "text" | "flag" | "counts";

/** The types that a column of such values may have. */
type TypeOf<Value> = null extends Value ? `${PlainTypeOf<NonNullable<Value>>}?` : PlainTypeOf<Value>;

type PlainTypeOf<Value> = [Value] extends [boolean]
  ? "flag"
  : [Value] extends [number]
    ? "integer" | "number"
    : [Value] extends [string]
      ? "text"
      : [Value] extends [readonly number[]]
        ? "counts"
        : never;

/** The columns that a row names, without those that any statistic may add, and without `chain`, which few networks have. */
type NamedColumn<Row> = keyof {
  [Column in keyof Row as string extends Column ? never : Exclude<Column, "chain">]: Column;
} &
  string;

/**
 * When rows come: `"epoch"`, one with each complete epoch; `"measured"`, with the epoch in which they were measured;
 * `"ahead"`, before the first epoch that they are about.
 */
export type When = "epoch" | "measured" | "ahead";

/** All that is to be said of a kind of rows: who stores, reads, follows, exports or draws rows asks here. */
export interface KindOfRow<Row extends { epoch: number }, Moment extends When = When> {
  /** A row in a few words. */
  readonly title: string;
  readonly when: Moment;
  /** Every column in its order. */
  readonly columns: { readonly [Column in NamedColumn<Row>]-?: TypeOf<Exclude<Row[Column], undefined>> };
  /** Whether rows may have further columns, of numbers or words, which some rows lack. */
  readonly open: boolean;
  /** How a run comes by such rows, for who finds none. */
  readonly remedy: string;
  /** Whether dashboards are told of such rows while training goes on. */
  readonly live: boolean;
  /**
   * What columns are called in TensorBoard, where the layer and weight of the row are appended; those that are not named
   * here are left out. Further columns go by `further`.
   */
  readonly tags: { readonly [Column in NamedColumn<Row>]?: string };
  readonly further?: string;
  /** Never there: it carries the type of a row. */
  readonly row?: Row;
}

type Description<Row extends { epoch: number }> = Omit<KindOfRow<Row>, "when" | "row">;

/** A kind of which every complete epoch has one row. */
export function perEpoch<Row extends { epoch: number }>(description: Description<Row>): KindOfRow<Row, "epoch"> {
  return { ...description, when: "epoch" };
}

/** A kind that is measured during an epoch. */
export function measured<Row extends { epoch: number }>(description: Description<Row>): KindOfRow<Row, "measured"> {
  return { ...description, when: "measured" };
}

/** A kind that is there before the first epoch that it is about. */
export function ahead<Row extends { epoch: number }>(description: Description<Row>): KindOfRow<Row, "ahead"> {
  return { ...description, when: "ahead" };
}
