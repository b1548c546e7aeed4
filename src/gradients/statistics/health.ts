import { ofEachWeight } from "./of-each-weight";

/** Share of exact zeros and the number of non-finite entries. */
export const health = ofEachWeight("health", {
  zeroShare: ({ gradient }) => gradient.equal(0).cast("float32").mean(),
  nonFinite: ({ gradient }) => gradient.isFinite().logicalNot().cast("float32").sum(),
});
