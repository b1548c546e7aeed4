import { loadTensorFlow, type TensorFlow } from "./load-tensorflow";

const loaded = loadTensorFlow();

/** The one tfjs of the process: on TensorFlow, or on its JavaScript backend where TensorFlow is not set up. */
export const tf: TensorFlow = loaded.tf;

/** Why tfjs runs in plain JavaScript; null where TensorFlow itself runs. */
export const javascriptFallback: string | null = loaded.fallback;
