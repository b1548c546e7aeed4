/** Throws unless the value is an integer not below `least`. */
export function checkInteger(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`Expected ${name} to be an integer not below ${least} but found ${value}`);
}

/** Throws unless the shape is [height, width, channels] with an image large enough for the network's poolings. */
export function checkInputShape(shape: readonly number[], least: number, why: string): void {
  if (shape.length !== 3)
    throw new TypeError(`Expected inputShape to be [height, width, channels] but found [${shape}]`);
  const [height, width, channels] = shape as [number, number, number];
  checkInteger("the height of inputShape", height, 1);
  checkInteger("the width of inputShape", width, 1);
  checkInteger("the channels of inputShape", channels, 1);
  if (height < least || width < least)
    throw new RangeError(`Expected inputShape to be at least ${least} by ${least} (${why}) but found [${shape}]`);
}
