/**
 * What code of a notebook's cells asks of the notebook: a line of text from its user, an empty output.
 *
 * @module notebook
 */
export { clearOutput } from "../cell/clear-output";
export { input } from "../cell/input";
