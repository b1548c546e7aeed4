import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { importsOf as readImports } from "./support/imports-of";
import { roomsOfTheirOwn, roomsWithoutTests, testsOf } from "./support/tests-of";

const root = join(__dirname, "..", "..");
const source = join(root, "src");

/** The floors, lowest first, as the table of CONTRIBUTING.md tells them: "| 3 | `experiments/`, `runs/` | … |". */
const FLOORS = readFileSync(join(root, "CONTRIBUTING.md"), "utf8")
  .split("\n")
  .flatMap((line) => /^\| \d+ \| (.*?) \|/.exec(line)?.[1] ?? [])
  .map((cell) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => (name === "index.ts" ? "." : name!.replace("/", ""))),
  )
  .reverse();

const floorOf = (folder: string) => FLOORS.findIndex((folders) => folders.includes(folder));
const folderOf = (file: string) => (file.includes("/") ? file.slice(0, file.indexOf("/")) : ".");

const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

/** What a file of src/ imports: files by their paths under src/, or packages. */
const importsOf = (file: string) =>
  readImports(root, `src/${file}`).map(({ target, typeOnly }) => ({ target: target.replace(/^src\//, ""), typeOnly }));

test("every folder of src stands on a floor, and every floor is there", () => {
  const strangers = [...new Set(files.map(folderOf))].filter((folder) => floorOf(folder) < 0);
  assert.deepEqual(strangers, []);
  const missing = FLOORS.flat().filter((folder) => !files.some((file) => folderOf(file) === folder));
  assert.deepEqual(missing, []);
});

/** The file of src/ that an import leads to; null for a package. */
const fileOf = (target: string): string | null => (files.includes(target) ? target : null);

/** For each file those that it imports, also for types alone. */
const imported = new Map(files.map((file) => [file, importsOf(file).flatMap(({ target }) => fileOf(target) ?? [])]));

test("imports run only downward through the floors", () => {
  const upward: string[] = [];
  for (const [file, targets] of imported)
    for (const target of targets) {
      const [own, folder] = [folderOf(file), folderOf(target)];
      if (folder !== own && floorOf(folder) >= floorOf(own)) upward.push(`${file} imports ${target}`);
    }
  assert.deepEqual(upward, []);
});

/** Files that lead back to themselves: each list is one circle, or several that hang together (Tarjan's algorithm). */
function circlesOf(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    open.push(file);
    for (const target of edges.get(file) ?? []) {
      if (!order.has(target)) visit(target);
      if (open.includes(target)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(target)!));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = open.splice(open.indexOf(file));
    if (circle.length > 1 || edges.get(file)?.includes(file)) found.push(circle.sort());
  };
  for (const file of edges.keys()) if (!order.has(file)) visit(file);
  return found;
}

test("no files import each other in a circle, not even for a type", () => {
  assert.deepEqual(circlesOf(imported), []);
  // That one would be found: two circles that share no file, and a file that imports itself.
  const some: [string, string[]][] = [["a", ["b"]], ["b", ["c", "d"]], ["c", ["a"]], ["d", ["e"]], ["e", ["e"]], ["f", ["a"]]]; // prettier-ignore
  assert.deepEqual(circlesOf(new Map(some)).sort(), [["a", "b", "c"], ["e"]]);
});

test("a folder of many files has inner rooms", () => {
  const flat = new Map<string, number>();
  for (const file of files) flat.set(dirname(file), (flat.get(dirname(file)) ?? 0) + 1);
  const crowded = [...flat].filter(([, count]) => count > 26).map(([folder, count]) => `${folder}: ${count} files`);
  assert.deepEqual(crowded, []);
});

test("only src/tensorflow loads TensorFlow", () => {
  const loaders = files.filter(
    (file) =>
      folderOf(file) !== "tensorflow" &&
      importsOf(file).some(({ target, typeOnly }) => target.startsWith("@tensorflow/") && !typeOnly),
  );
  assert.deepEqual(loaders, []);
});

test("figures and tables load nothing that loads TensorFlow: rows, and what else is below it", () => {
  const guilty = files
    .filter((file) => ["figures", "tables"].includes(folderOf(file)))
    .flatMap((file) => importsOf(file).flatMap((to) => (to.typeOnly ? [] : { file, target: fileOf(to.target) })))
    .filter(({ file, target }) => target !== null && folderOf(target) !== folderOf(file))
    .filter(({ target }) => floorOf(folderOf(target!)) >= floorOf("tensorflow"));
  assert.deepEqual(guilty, []);
});

test("a source leads to its tests: its room of test/, and in it those that come to it by the fewest imports", () => {
  // What a room without tests of its own says is held where it is used.
  assert.deepEqual(roomsWithoutTests(root).sort(), ["cell", "surface"]);
  assert.deepEqual(roomsOfTheirOwn(root).sort(), ["bench", "browser", "docs", "fuzz", "tfjs-core"]);
  const lost = files.filter(
    (file) => !["cell", "surface", "."].includes(folderOf(file)) && testsOf(root, file).length === 0,
  );
  assert.deepEqual(lost, []);
  assert.equal(testsOf(root, "rows/roll-up.ts")[0], "rows/roll-up.test.ts");
  assert.ok(testsOf(root, "figures/parts/layer-axis.ts").every((test) => test.startsWith("figures/")));
});
