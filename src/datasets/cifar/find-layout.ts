import { CIFAR10, CIFAR100, type CifarLayout } from "./cifar-layout";

/** The downloadable set of a name. */
export function findLayout(name: string): CifarLayout {
  const layout = [CIFAR10, CIFAR100].find((set) => set.name === name);
  if (!layout) throw new RangeError(`Expected the data set to be cifar-10 or cifar-100 but found ${name}`);
  return layout;
}
