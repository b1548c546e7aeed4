import { type Scalar, type Tensor, tf } from "../../tensorflow";
import { norm } from "./norm";
import { ofEachWeight } from "./of-each-weight";

/** ‖update‖₂, and ‖update‖₂ / ‖weights‖₂. */
export const updates = ofEachWeight("updates", {
  updateL2: ({ weights, updated }) => norm(updated.sub(weights)),
  updateRatio: ({ weights, updated }) => updateRatio(weights, updated),
});

/** 0 where nothing moved, also where the weights are all 0; infinite where only the weights are. */
function updateRatio(weights: Tensor, updated: Tensor): Scalar {
  const moved = norm(updated.sub(weights));
  return tf.where(moved.greater(0), moved.div(norm(weights)), moved);
}
