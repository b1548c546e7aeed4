/** Who may write a run. */
export { Lease, type LeaseOptions } from "./lease";
export { LeaseLostError, RunHeldError } from "./lease-errors";
export type { ProcessIdentity } from "./process-identity";
export { type LeaseView, viewLease } from "./read-holder";
