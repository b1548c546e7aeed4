import type { Paper } from "../../src/experiments";
import type { ReproductionScale } from "../../src/experiments/reproduction-trials";

/** A question that is asked of real data, in the order in which the hours are spent. */
export interface Study {
  /** Name of its files in data/findings. */
  readonly name: string;
  readonly paper: Paper;
  readonly scale: ReproductionScale;
  /** Its heading. */
  readonly title: string;
  /** What is asked, in a sentence. */
  readonly question: string;
  /** What a reader of its verdicts has to know. Default: nothing. */
  readonly remark?: string;
  /** How it is run again. */
  readonly command: string;
  /** Fresh seeds of all that is judged. */
  readonly seeds: number;
}

export const STUDIES: readonly Study[] = [
  {
    name: "vgp-short",
    title: "VGG38 and its mends",
    paper: "vgp",
    scale: "short",
    question:
      "Do batch normalization and residual connections mend VGG38, and does the plain one fail, as *Analysis of Vanishing gradient problem* reports? Seven rows of its table 1, on CIFAR-100.",
    remark:
      "The run with seed 0 counts among the seeds of a claim: the learning rates are the paper's, and nothing was chosen by it. Of VGG08 against VGG38 BN (1e-2) the paper's own difference is 0.12 points after full training; at a quarter of the width and ten epochs the order is another question. Two runs went at a time.",
    command: "gradamp reproduce vgp --scale short --seeds 10",
    seeds: 10,
  },
  {
    name: "ga-short",
    title: "Amplified batch normalization (2020)",
    paper: "ga",
    scale: "short",
    question:
      "Does gradient amplification of batch normalization layers (Γ = 2) improve VGG-19 and ResNet-18 on CIFAR-10 over a baseline of equal budget?",
    command: "gradamp reproduce ga --scale short --models vgg19,resnet18 --seeds 10",
    seeds: 10,
  },
  {
    name: "iga-short",
    title: "Layers chosen by G (2023)",
    paper: "iga",
    scale: "short",
    question: "Does choosing the layers by G, case 1, improve them further?",
    command: "gradamp reproduce iga --scale short --models vgg19,resnet18 --part params1 --seeds 10",
    seeds: 10,
  },
  {
    name: "ga-short-parameters",
    title: "Amplified parameters",
    paper: "ga",
    scale: "short",
    question: "The same where the factor acts on the layers' own parameters only.",
    command: "gradamp reproduce ga --scale short --models vgg19,resnet18 --scope parameters --seeds 10",
    seeds: 10,
  },
  {
    name: "ga-short-input",
    title: "Amplified inputs",
    paper: "ga",
    scale: "short",
    question: "The same where the factor acts on what leaves the layers towards the input only.",
    command: "gradamp reproduce ga --scale short --models vgg19,resnet18 --scope input --seeds 10",
    seeds: 10,
  },
];
