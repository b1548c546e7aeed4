let defined = 0;

/** A name for a function of TensorFlow's, used once in the process. */
export function functionName(name: string): string {
  return `gradamp_${name.replace(/\W/g, "_")}_${++defined}`;
}
