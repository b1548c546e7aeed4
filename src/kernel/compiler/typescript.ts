import type * as typescript from "@tslab/typescript-for-tslab";

/** The TypeScript that tslab compiles with. */
export type TypeScript = typeof typescript;
