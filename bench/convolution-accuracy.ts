/** How exact gradamp's own convolutions are: their error against double precision beside that of TensorFlow's. */
import { table } from "arquero";
import { toText } from "../src/tables";
import { hasOwnConvolutions } from "../src/tensorflow";
import {
  type Accuracy,
  CONVOLUTION_OPS,
  type ConvolutionSize,
  measureAccuracy,
  OPERANDS,
} from "./support/convolution-accuracy";

/** Those of VGG38 and of ResNets, and their batches. */
const SIZES: readonly ConvolutionSize[] = [
  [100, 32, 32, 32, 32],
  [128, 32, 32, 64, 64],
  [128, 16, 16, 128, 128],
  [128, 8, 8, 256, 256],
  [128, 8, 8, 512, 512],
  [128, 4, 4, 512, 512],
];

const HELP = `How exact gradamp's own convolutions are: their error against double precision beside that of TensorFlow's.

npm run bench -- convolution-accuracy

Root mean square: of the errors over that of the results.  Worst: the largest error over the sum of its summands'
magnitudes.  Both in units of 2^-24, the rounding of one number, and as a ratio.  Results at 4,000 places (filters'
gradients 400) of images of normal numbers, with and without a ReLU.
`;

function main(): void {
  if (process.argv.includes("--help")) return void process.stdout.write(HELP);
  if (!hasOwnConvolutions()) {
    console.error("gradamp's own convolutions are not in use here: `gradamp doctor` says why");
    process.exitCode = 1;
    return;
  }
  const rows = SIZES.flatMap((size) =>
    OPERANDS.flatMap((kind) =>
      // The gradient by the images knows nothing of the images.
      CONVOLUTION_OPS.filter((op) => kind === "normal" || op !== "Conv2DBackpropInput").map((op) => {
        const { own, stock } = measureAccuracy(op, size, kind, op === "Conv2DBackpropFilter" ? 400 : 4000);
        const columns = (name: string, key: keyof Accuracy) => ({
          [`${name}, own`]: (own[key] * 2 ** 24).toFixed(2),
          [`${name}, TensorFlow`]: (stock[key] * 2 ** 24).toFixed(2),
          [`${name}, ratio`]: (own[key] / stock[key]).toFixed(2),
        });
        const [n, h, w, c, k] = size;
        return { op, images: `${n}×${h}×${w}`, channels: `${c} → ${k}`, operands: kind, ...columns("rms", "rms"), ...columns("worst", "worst") }; // prettier-ignore
      }),
    ),
  );
  const names = Object.keys(rows[0]!) as (keyof (typeof rows)[number])[];
  const columns = Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
  console.log(toText(table(columns), { best: false, limit: null }));
}

main();
