import { checkArgument } from "../options";
import { cifar10 } from "./cifar/cifar10";
import { cifar100 } from "./cifar/cifar100";
import { dataByModule } from "./data-by-module";
import { embedded } from "./embedded";
import type { ModuleRecord } from "../modules";
import type { ImageFolderOptions } from "../spec";
import { imageFolder } from "./image-folder";
import type { DataSource, TrainingData } from "./types";

/**
 * Loads the data that `dataset.source` describes.
 *
 * @param source name and options, as `dataset.source` has them
 * @throws {RangeError} for an unknown name
 * @throws {Error} if the data is not there
 *
 * @example
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 * const data = await advanced.openSource(ga.embedded({ train: 20, validation: 0, test: 0 }).source!);
 * console.log(data.train.size); // 20
 */
export async function openSource(source: DataSource): Promise<TrainingData> {
  checkArgument(source, "a data set's name and options, as dataset.source,", "name");
  const { name, options } = source;
  switch (name) {
    case "embedded":
      return embedded(options);
    case "cifar-10":
      return cifar10(options);
    case "cifar-100":
      return cifar100(options);
    case "folder": {
      const { dir, ...rest } = options;
      return imageFolder(String(dir), rest as unknown as ImageFolderOptions);
    }
    case "module":
      return dataByModule(options as unknown as ModuleRecord);
    default:
      throw new RangeError(
        `Expected embedded, cifar-10, cifar-100, folder or module but found ${JSON.stringify(name)}`,
      );
  }
}
