import type { GradientRow } from "../../rows";
import type { WeightTensor } from "../weight-tensors";
import { meanAbs } from "./norm";
import { ofEachWeight, type WeightStatistic } from "./of-each-weight";

const flow = ofEachWeight("gradientFlow", { meanAbs: ({ gradient }) => meanAbs(gradient) });

/** Mean |gradient|: the quantity of the gradient-flow figures. Every gradient row has it, and says of which weights it is. */
export const gradientFlow: WeightStatistic<"meanAbs"> = {
  ...flow,
  rows: (values, network) =>
    flow.rows(values, network).map((measured, at) => ({ ...placeOf(network.weights[at]!), ...measured })),
};

/** Which weights a row is of; the chain where branches run in parallel. */
function placeOf({ index, layer, weight, size, chain }: WeightTensor): Partial<GradientRow> {
  return { index, layer, weight, size, ...(chain === null ? {} : { chain }) };
}
