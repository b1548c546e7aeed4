/** How cells are called in stack traces: by the number that the notebook shows beside them. */
export const cellName = {
  of: (count: number): string => `Cell [${count}]`,
  find: /(Cell \[\d+\]):(\d+):(\d+)/,
} as const;
