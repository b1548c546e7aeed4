export { displayOf } from "./display-of";
