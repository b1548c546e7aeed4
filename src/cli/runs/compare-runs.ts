import { readRunInfo } from "../../runs/read-run-info";
import { listRuns, type ListedRun } from "./list-runs";

/** An option in which runs differ, with each run's value. */
export type Difference = Record<string, unknown> & { readonly option: string };

/** In which options runs differ, and how well they do. */
export async function compareRuns(
  folders: readonly string[],
): Promise<{ differences: Difference[]; results: ListedRun[] }> {
  const flat = folders.map((folder) => {
    const { model, dataset, parameters, options } = readRunInfo(folder);
    return leaves({ model, dataset, parameters, ...options });
  });
  const names = [...new Set(flat.flatMap((options) => [...options.keys()]))];
  const differences = names
    .filter((name) => new Set(flat.map((options) => JSON.stringify(options.get(name)))).size > 1)
    .map((option) => ({
      option,
      ...Object.fromEntries(folders.map((folder, at) => [folder, flat[at]!.get(option) ?? null])),
    }));
  return { differences, results: (await Promise.all(folders.map((folder) => listRuns(folder)))).flat() };
}

/** Every plain value of an object under its path. */
function leaves(value: unknown, path = ""): Map<string, unknown> {
  if (typeof value !== "object" || value === null) return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [...leaves(inner, path === "" ? name : `${path}.${name}`)]),
  );
}
