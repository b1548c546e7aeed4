/**
 * Runs that were kept: in folders, as tables, and as models again.
 *
 * @module runs
 */
export { runs } from "../display";
export {
  exportRows,
  loadModel,
  readRun,
  readRunInfo,
  type RunInfo,
  runStatus,
  type SaveOptions,
  saveRun,
} from "../runs";
