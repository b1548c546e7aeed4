/** The name that a cell asks for help on, as IPython has it: `ga.train?` or `?ga.train`; null where it is code. */
export function helpRequest(code: string): string | null {
  const name = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$.]*`;
  const match = new RegExp(`^\\s*(?:\\?{1,2}\\s*(${name})|(${name})\\s*\\?{1,2})\\s*$`, "u").exec(code);
  return match?.[1] ?? match?.[2] ?? null;
}
