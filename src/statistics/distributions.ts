import type normalFunction from "@stdlib/stats-base-dists-normal-cdf";
import type studentFunction from "@stdlib/stats-base-dists-t-cdf";
import type studentInverse from "@stdlib/stats-base-dists-t-quantile";

/*
 * The packages behind these are two hundred files, loaded by the first call and not by the import of gradamp: most
 * programs train and compare nothing.
 */

/** The probability that a normal variable is at most x. */
export const normalCdf = (x: number, mean: number, deviation: number): number =>
  (require("@stdlib/stats-base-dists-normal-cdf") as typeof normalFunction)(x, mean, deviation);

/** The probability that a variable of Student's t distribution is at most x. */
export const studentCdf = (x: number, degreesOfFreedom: number): number =>
  (require("@stdlib/stats-base-dists-t-cdf") as typeof studentFunction)(x, degreesOfFreedom);

/** Below which value a variable of Student's t distribution is with a probability. */
export const studentQuantile = (probability: number, degreesOfFreedom: number): number =>
  (require("@stdlib/stats-base-dists-t-quantile") as typeof studentInverse)(probability, degreesOfFreedom);
