import type { TrialDataset } from "../../experiments";
import { nearest } from "../../spec";
import type { TrainFlags } from "./flags";

const near = (name: string) => {
  const found = nearest(name, ["embedded", "embedded-100", "cifar-10", "cifar-100"]);
  return found === null ? "" : `: did you mean ${found}?`;
};
const AUGMENTATION = { pad: 4, flip: true } as const;

/** The data that flags name; what they leave open is as the configuration has it. */
export function datasetOfFlags(flags: TrainFlags, config: TrialDataset | undefined): TrialDataset {
  const { trainImages, validationImages, testImages } = flags;
  const name = flags.dataset ?? (config?.name === "embedded" && config.classes === 100 ? "embedded-100" : config?.name);
  const base = flags.dataset === undefined || config?.name === flags.dataset ? config : undefined;
  const augmentation = flags.augmentation ? (base ? base.augmentation : AUGMENTATION) : null;
  const seed = flags.dataSeed ?? base?.seed ?? 0;
  if (name === "embedded" || name === "embedded-100") {
    if (flags.split !== undefined)
      throw new TypeError("Expected --split with cifar-10 or cifar-100 but found it with embedded: say --train-images");
    const given = base?.name === "embedded" ? base : undefined;
    return {
      ...given,
      name: "embedded",
      classes: name === "embedded" ? 10 : 100,
      augmentation,
      train: trainImages ?? given?.train ?? 2000,
      validation: validationImages ?? given?.validation ?? 500,
      test: testImages ?? given?.test ?? 1000,
      seed,
    };
  }
  if (name !== "cifar-10" && name !== "cifar-100") {
    throw new RangeError(
      name === undefined
        ? "Expected data to train on but found none: --dataset embedded, cifar-10 or cifar-100"
        : `Expected --${flags.data === undefined ? "dataset" : "data"} to be embedded, embedded-100, cifar-10 or cifar-100 but found ${JSON.stringify(name)}${near(name)}`,
    );
  }
  const given = base?.name === "embedded" ? undefined : base;
  const limit = {
    ...given?.limit,
    ...(trainImages === undefined ? {} : { train: trainImages }),
    ...(validationImages === undefined ? {} : { validation: validationImages }),
    ...(testImages === undefined ? {} : { test: testImages }),
  };
  const split = flags.split ?? given?.split ?? (name === "cifar-10" ? "held-out" : "vgp");
  return {
    ...given,
    name,
    split: typeof split === "string" && /^\d+$/.test(split) ? { validation: Number(split) } : (split as "vgp"),
    augmentation,
    limit: Object.keys(limit).length > 0 ? limit : null,
    seed,
  };
}

/** Whether a data set has a validation split. */
export function hasValidation(dataset: TrialDataset): boolean {
  if (dataset.name === "embedded") return dataset.validation > 0;
  return dataset.split !== "train-test" && !(typeof dataset.split === "object" && dataset.split.validation === 0);
}
