import type { ProcessIdentity } from "./process-identity";

/** Another process writes the run. */
export class RunHeldError extends Error {
  /** For messages. */
  override readonly name = "RunHeldError";

  /**
   * @param run the run's folder
   * @param holder who writes it, if known
   */
  constructor(
    readonly run: string,
    readonly holder: ProcessIdentity | null,
  ) {
    super(
      `Expected nobody else to write ${run} but found that ${describe(holder)} does: wait for it, stop it, or choose another folder`,
    );
  }
}

/** Another process took the run over while this one wrote it. */
export class LeaseLostError extends Error {
  /** For messages. */
  override readonly name = "LeaseLostError";

  /**
   * @param run the run's folder
   * @param holder who has taken over, if known
   */
  constructor(
    readonly run: string,
    readonly holder: ProcessIdentity | null,
  ) {
    super(
      `Expected to hold ${run} still but found that ${describe(holder)} has taken it over: nothing more is written here`,
    );
  }
}

function describe(holder: ProcessIdentity | null): string {
  if (holder === null) return "another process";
  return `process ${holder.pid} on ${holder.host}${holder.job === null ? "" : ` (${holder.job})`}`;
}
