import { type Optimizer, readFields, RMSPROP, type RmspropOptions } from "../../spec";
import { tf } from "../../tensorflow";
import { withDecay } from "./decay";
import { describedOptimizer, startOptimizer } from "./optimizer";

/**
 * RMSprop, as `torch.optim.RMSprop`: `v ← α·v + (1−α)·g²`, `w ← w − η·g/(√v + ε)`; with momentum `b ← momentum·b + g/(√v + ε)`,
 * `w ← w − η·b`; centered, `v` less the square of the gradient's running mean.
 *
 * Source: Tieleman and Hinton 2012, "Lecture 6.5 — RMSProp"; centered: Graves 2013, eq. 38–45.
 *
 * @param options learning rate, decay, momentum, epsilon and weight decay
 * @throws {RangeError} if a setting is out of range
 *
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.rmsprop({ learningRate: 1e-3, momentum: 0.9 }).settings);
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const settings = readFields(RMSPROP, options);
  const { smoothing, epsilon, momentum, centered } = settings;
  return {
    ...describedOptimizer("rmsprop", settings, options),
    scaleInvariant: true,
    start: (variables) =>
      startOptimizer(
        variables,
        1 + (centered ? 1 : 0) + (momentum > 0 ? 1 : 0),
        (variable, raw, slots, { learningRate }) => {
          const gradient = withDecay(raw, variable, settings);
          const average = centered ? slots[1]! : null;
          const buffer = momentum > 0 ? slots.at(-1)! : null;
          const squares = tf.add(tf.mul(slots[0]!, smoothing), tf.mul(tf.square(gradient), 1 - smoothing));
          const mean = average && tf.add(tf.mul(average, smoothing), tf.mul(gradient, 1 - smoothing));
          const variance = mean ? tf.sub(squares, tf.square(mean)) : squares;
          const scaled = tf.div(gradient, tf.add(tf.sqrt(variance), epsilon));
          const step = buffer ? tf.add(tf.mul(buffer, momentum), scaled) : scaled;
          return {
            value: tf.sub(variable, tf.mul(step, learningRate)),
            slots: [squares, ...(mean ? [mean] : []), ...(buffer ? [step] : [])],
          };
        },
      ),
  };
}
