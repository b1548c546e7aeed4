/**
 * Options of any function: what each may be, how it is checked, and how an error names the nearest one that there is.
 */
export {
  checkFunction,
  checkList,
  checkModel,
  checkArgument,
  checkParts,
  checkPath,
  checkRows,
  checkTable,
  checkText,
} from "./arguments";
export * from "./fields";
export * from "./kinds";
export { nearest } from "./nearest";
export { show } from "./show";
