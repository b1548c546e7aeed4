/**
 * What code of a notebook's cells asks of the notebook: a line of text from its user, an empty output, widgets.
 *
 * @module notebook
 */
export { clearOutput } from "../cell/clear-output";
export { thresholdSlider, type ThresholdState, Widget, widget, type WidgetDefinition } from "../display";
export { input } from "../cell/input";
