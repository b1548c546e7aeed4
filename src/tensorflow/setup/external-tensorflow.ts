import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Installation } from "./installation";
import { HEADERS } from "./library-files";
import { SetupError } from "./setup-error";

const MAIN = ["libtensorflow_cc.so.2", "libtensorflow.so.2", "libtensorflow_cc.2.dylib", "libtensorflow.2.dylib"];
const FRAMEWORK = ["libtensorflow_framework.so.2", "libtensorflow_framework.2.dylib"];

/**
 * A TensorFlow that is already there: a folder with lib/ and include/ (as the archive of the C library has them), or
 * site-packages/tensorflow, with the libraries beside include/.
 *
 * @throws {SetupError} if the folder holds no such thing; names what is missing
 */
export function externalTensorFlow(path: string, cache: string): Installation {
  const folder = resolve(path);
  if (!existsSync(folder))
    throw new SetupError(`The folder ${folder} that --tensorflow names is not there`, "Check the path");
  const places = [join(folder, "lib"), folder, join(folder, "lib64")];
  const find = (names: readonly string[]) =>
    places.flatMap((place) => names.map((name) => join(place, name))).find((file) => existsSync(file));
  const mainLibrary = find(MAIN);
  const frameworkLibrary = find(FRAMEWORK);
  const include = join(folder, "include");
  const missing = [
    ...(mainLibrary ? [] : [MAIN.slice(0, 2).join(" or ")]),
    ...(frameworkLibrary ? [] : [FRAMEWORK[0] as string]),
    // Which headers there are depends on TensorFlow's version; this one is in all.
    ...(existsSync(join(include, HEADERS[0] as string)) ? [] : [`include/${HEADERS[0]}`]),
  ];
  if (!mainLibrary || !frameworkLibrary || missing.length > 0)
    throw new SetupError(
      `Expected a TensorFlow in ${folder} but found no ${missing.join(", no ")}`,
      "Name a folder with lib/ and include/ (TensorFlow's C library), or the folder tensorflow of a Python's site-packages",
    );
  const digest = createHash("sha256").update(realpathSync(mainLibrary)).digest("hex").slice(0, 12);
  return {
    directory: join(cache, `external-${digest}`),
    version: null,
    kind: "external",
    mainLibrary,
    frameworkLibrary,
    include,
    nvidia: null,
  };
}
