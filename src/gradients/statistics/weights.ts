import { norm } from "./norm";
import { ofEachWeight } from "./of-each-weight";

/** ‖weights‖₂ before the update. */
export const weights = ofEachWeight("weights", { weightL2: ({ weights: values }) => norm(values) });
