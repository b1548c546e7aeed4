import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** The notebook as a file: where Jupyter says that it is, else in the folder in which the kernel was started. */
export const cellFile = join(process.cwd(), basename(resolve(process.env["JPY_SESSION_NAME"] || "notebook.ipynb")));

/** What `import.meta` is in a cell, or in a file beside the notebook. */
export function metaOf(file: string, require: NodeJS.Require): ImportMeta {
  const resolved = (specifier: string) => {
    const path = require.resolve(specifier);
    return path.startsWith("/") ? pathToFileURL(path).href : path;
  };
  return Object.assign(Object.create(null), {
    url: pathToFileURL(file).href,
    filename: file,
    dirname: dirname(file),
    resolve: resolved,
  }) as ImportMeta;
}
