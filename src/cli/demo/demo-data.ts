import * as ga from "../..";
import { presentDatasets } from "../../datasets";

/** The demo's data and what a reader must know of it. */
export interface DemoData {
  readonly data: ga.Dataset;
  /** One sentence for the report. */
  readonly description: string;
}

/**
 * Real CIFAR-100 where it is at hand (a stratified part of it, so that the demo stays a matter of minutes), the embedded
 * images elsewhere.
 */
export async function demoData(): Promise<DemoData> {
  const real = presentDatasets().some(({ name, present }) => name === "cifar-100" && present);
  if (real) {
    const data = await ga.cifar100({ limit: { train: 2000, validation: 500, test: 1000 } });
    return { data, description: describe(data, "real CIFAR-100, a stratified part of it") };
  }
  const data = ga.embedded();
  return { data, description: describe(data, "the embedded images, since CIFAR-100 was not found") };
}

function describe(data: ga.Dataset, what: string): string {
  const sizes = [data.train, data.validation, data.test].map((split) => (split?.size ?? 0).toLocaleString("en"));
  return `Data: ${what}; ${sizes.join(" / ")} images for training, validation and test, ${data.classes} classes`;
}
