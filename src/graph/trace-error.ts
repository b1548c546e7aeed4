/** Why a step cannot become a graph: names the op and says what to do instead. */
export class TraceError extends Error {
  /** "TraceError". */
  override readonly name = "TraceError";
}
