/** Dashboards of runs that go on. */
export { watch, type Watchable, type WatchOptions } from "./watch";
export type { Watch } from "./watch-handle";
