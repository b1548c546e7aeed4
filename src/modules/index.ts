/** Models and data of the user's own, by the file that makes them. */
export { loadModule } from "./load-module";
export { hashModule } from "./module-files";
export { checkUnchanged, locateModule, type ModuleRecord } from "./module-record";
