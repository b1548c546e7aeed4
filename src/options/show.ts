import { inspect } from "node:util";

/** A value as an error shows it: on one line, as it is written in JavaScript, cut where it is long. */
export function show(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (value instanceof Promise) return "a Promise";
  const text = isPlain(value)
    ? JSON.stringify(value, (_, inner: unknown) =>
        typeof inner === "number" && !Number.isFinite(inner) ? String(inner) : inner,
      )
    : inspect(value, { depth: 1, breakLength: Infinity });
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** Whether JSON shows all there is of a value. */
function isPlain(value: unknown): boolean {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (Array.isArray(value)) return value.every((item) => typeof item === "number" || isPlain(item));
  if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).every((item) => typeof item === "number" || isPlain(item));
}
