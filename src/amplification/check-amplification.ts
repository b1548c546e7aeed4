/** Where the factor acts; see {@link amplify}. */
export const SCOPES = ["backprop", "parameters"] as const;
export type Scope = (typeof SCOPES)[number];

/** @throws {RangeError} unless the ratio lies in [0, 1] */
export function checkRatio(ampRatio: number): void {
  if (!(ampRatio >= 0 && ampRatio <= 1)) {
    throw new RangeError(`Expected amplification ratio to lie in [0, 1] but found ${ampRatio}`);
  }
}

/** @throws {RangeError} unless the factor is finite and above 0 */
export function checkFactor(ampFactor: number): void {
  if (!(Number.isFinite(ampFactor) && ampFactor > 0)) {
    throw new RangeError(
      `Expected amplification factor to be finite and greater than 0 but found ${ampFactor}: 1 leaves gradients as they are`,
    );
  }
}

/** @throws {RangeError} unless the scope is known */
export function checkScope(scope: Scope): void {
  if (!SCOPES.includes(scope)) {
    throw new RangeError(`Expected amplification scope to be "backprop" or "parameters" but found "${scope}"`);
  }
}
