import { tf } from "./loaded-tf";

/**
 * Whether tfjs is writing down ops in order to differentiate them. Within a gradient's own function that says that the
 * gradient is differentiated once more.
 */
export function isRecordingGradients(): boolean {
  return (tf.engine() as unknown as { isTapeOn(): boolean }).isTapeOn();
}
