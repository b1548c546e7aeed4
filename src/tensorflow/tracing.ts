/** How the step that is being traced right now is refused; null where none is. */
export type Refusal = (message: string) => Error;

let refusal: Refusal | null = null;

/** Whether a step is being traced: ops are written down, and tensors have no values. */
export const isTracing = (): boolean => refusal !== null;

/** How to refuse the step that is being traced, if one is. */
export const traceRefusal = (): Refusal | null => refusal;

/** Called by the tracer where a trace begins and, with null, where it ends. */
export function setTraceRefusal(refuse: Refusal | null): void {
  refusal = refuse;
}
