/** How values, figures and tables show themselves in a notebook. */
export { displayBundle, type DisplayOptions } from "../cell/display-bundle";
export type { MimeBundle } from "../cell/running-cell";
export { Figure, type ShowOptions } from "./figure";
export { figure, type FigureFunctions } from "./figure-functions";
export { show } from "./show";
export { thresholdSlider, type ThresholdState } from "./widgets/threshold-slider";
export { Widget, widget, type WidgetDefinition } from "./widgets/widget";
export { Table } from "./table";
export {
  protocol,
  published,
  publishedRemarks,
  runs,
  sweepResults,
  table,
  type TableFunctions,
} from "./table-functions";
