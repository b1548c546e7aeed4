export { type Profile, profile } from "./profile";
export type { ProfiledOp } from "./read-timeline";
