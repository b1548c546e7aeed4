export { countEngines } from "./count-engines";
export { examine, type ExamineOptions } from "./examine";
export type { Device, DoctorReport, Problem } from "./report";
