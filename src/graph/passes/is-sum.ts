import type { Node } from "../graph";

/** Whether a node adds two values; TensorFlow has two ops for that. */
export const isSum = ({ op }: Node): boolean => op === "Add" || op === "AddV2";
