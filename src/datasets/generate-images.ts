import { drawSample, SHAPE_NAMES, SIDE, TEXTURE_NAMES } from "./batches/draw-sample";
import { random } from "./batches/random";

/** Share of the ten-class images whose texture is any rather than their class's own. */
const MISLEADING = 0.2;

/** Generated images and their labels, on the host. */
export interface GeneratedImages {
  /** `[size, 32, 32, 3]` as one array. */
  readonly images: Uint8Array;
  /** `[size]` */
  readonly labels: Uint8Array;
}

/**
 * Draws labelled images: figures of 10 shapes, each mostly with a texture of its own, or of 10 shapes times 10 textures, in scenes.
 *
 * With 100 classes the label is `10 · shape + texture`. Classes are
 * balanced to within one image and in random order. Pure; 0.3 ms an image.
 *
 * @param size how many
 * @param options.stream tells apart sets of one seed, such as training and test
 */
export function generateImages(
  size: number,
  options: { classes: 10 | 100; seed: number; stream: number },
): GeneratedImages {
  const { classes, seed, stream } = options;
  const order = random(seed, stream);
  const labels = Uint8Array.from(order.shuffle(Array.from({ length: size }, (_, i) => i % classes)));
  const images = new Uint8Array(size * SIDE * SIDE * 3);
  const bytes = SIDE * SIDE * 3;
  for (let i = 0; i < size; i++) {
    const own = random(seed, stream, i);
    const [shape, usual] = kindOf(labels[i]!, classes);
    // A texture that misleads now and then leaves a better network room above one that looks at textures only.
    const texture = classes === 10 && own.uniform(0, 1) < MISLEADING ? own.integer(TEXTURE_NAMES.length) : usual;
    drawSample(images.subarray(i * bytes, (i + 1) * bytes), shape, texture, own);
  }
  return { images, labels };
}

/** Names of the generated classes by label. */
export function generatedClassNames(classes: 10 | 100): string[] {
  return Array.from({ length: classes }, (_, label) => {
    const [shape, texture] = kindOf(label, classes);
    return `${TEXTURE_NAMES[texture]} ${SHAPE_NAMES[shape]}`;
  });
}

/** Shape and texture of a class. */
function kindOf(label: number, classes: 10 | 100): [number, number] {
  return classes === 10 ? [label, label] : [Math.floor(label / 10), label % 10];
}
