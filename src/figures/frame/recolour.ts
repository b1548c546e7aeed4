/** A copy of a figure in which every text that is one of the colours is replaced; the figure itself where there are none. */
export function recolour<Value>(value: Value, colours: Readonly<Record<string, string>> | null): Value {
  if (!colours) return value;
  const paint = (each: unknown): unknown => {
    if (typeof each === "string") return colours[each] ?? each;
    if (typeof each !== "object" || each === null) return each;
    if (Array.isArray(each)) return typeof each[0] === "number" && typeof each[1] !== "string" ? each : each.map(paint);
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, paint(inner)]));
  };
  return paint(value) as Value;
}
