/** How values show themselves in notebooks. */
export { displayOf, displaySymbol } from "./display-of";
