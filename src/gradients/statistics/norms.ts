import { norm } from "./norm";
import { ofEachWeight } from "./of-each-weight";

/** ‖gradient‖₂ and max |gradient|. */
export const norms = ofEachWeight("norms", {
  l2: ({ gradient }) => norm(gradient),
  maxAbs: ({ gradient }) => gradient.abs().max(),
});
