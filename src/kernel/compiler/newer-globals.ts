import { join } from "node:path";
import type { TypeScript } from "./typescript";

const TYPED_ARRAYS = ["Int8", "Uint8", "Uint8Clamped", "Int16", "Uint16", "Int32", "Uint32", "Float32", "Float64"];

const changesByCopy = (type: string, item: string, copy: string) => `interface ${type} {
  toReversed(): ${copy};
  toSorted(compare?: (a: ${item}, b: ${item}) => number): ${copy};
  with(index: number, value: ${item}): ${copy};
}`;

const spliced = (type: string) => `interface ${type} {
  toSpliced(start: number, deleteCount?: number): T[];
  toSpliced(start: number, deleteCount: number, ...items: T[]): T[];
}`;

/** What Node has had since, and under which condition the running one has it. */
const NEWER: readonly [has: boolean, declarations: string][] = [
  [
    true,
    "interface ImportMeta { dirname: string; filename: string; url: string; resolve(specifier: string): string; }",
  ],
  [
    "toSorted" in Array.prototype,
    [
      ...["Array<T>", "ReadonlyArray<T>"].flatMap((type) => [changesByCopy(type, "T", "T[]"), spliced(type)]),
      ...TYPED_ARRAYS.map((name) => changesByCopy(`${name}Array`, "number", `${name}Array`)),
      ...["BigInt64Array", "BigUint64Array"].map((name) => changesByCopy(name, "bigint", name)),
    ].join("\n"),
  ],
  ["isWellFormed" in String.prototype, "interface String { isWellFormed(): boolean; toWellFormed(): string; }"],
  [
    "groupBy" in Object,
    `interface ObjectConstructor {
  groupBy<K extends PropertyKey, T>(items: Iterable<T>, key: (item: T, index: number) => K): Partial<Record<K, T[]>>;
}
interface MapConstructor {
  groupBy<K, T>(items: Iterable<T>, key: (item: T, index: number) => K): Map<K, T[]>;
}`,
  ],
  [
    "withResolvers" in Promise,
    `interface PromiseConstructor {
  withResolvers<T>(): { promise: Promise<T>; resolve: (value: T | PromiseLike<T>) => void; reject: (reason?: unknown) => void };
}`,
  ],
  [
    "fromAsync" in Array,
    `interface ArrayConstructor {
  fromAsync<T>(items: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): Promise<T[]>;
}`,
  ],
  [
    "union" in Set.prototype,
    `interface Set<T> {
  union<U>(other: ReadonlySet<U>): Set<T | U>;
  intersection<U>(other: ReadonlySet<U>): Set<T & U>;
  difference<U>(other: ReadonlySet<U>): Set<T>;
  symmetricDifference<U>(other: ReadonlySet<U>): Set<T | U>;
  isSubsetOf(other: ReadonlySet<unknown>): boolean;
  isSupersetOf(other: ReadonlySet<unknown>): boolean;
  isDisjointFrom(other: ReadonlySet<unknown>): boolean;
}`,
  ],
];

/**
 * Declares what the running Node offers every cell and tslab's TypeScript 5.0 has no types for, such as
 * `[3, 1].toSorted()`, in a file that is not on the disk.
 *
 * @returns the file's path
 */
export function declareNewerGlobals({ sys }: TypeScript, folder: string): string {
  const path = join(folder, "__newer_globals__.d.ts");
  const declarations = NEWER.filter(([has]) => has).map(([, text]) => text);
  const { readFile, fileExists } = sys;
  sys.readFile = (file, ...rest) => (file === path ? declarations.join("\n") : readFile.call(sys, file, ...rest));
  sys.fileExists = (file) => file === path || fileExists.call(sys, file);
  return path;
}
