import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { importsOf } from "./imports-of";

/** The test files of the project by their paths under test/, without the files that help them. */
export function testFiles(root: string): string[] {
  return readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .sort();
}

/** The room of src/ or test/ that a file stands in; "" for files that stand in none. */
const roomOf = (file: string) => (file.includes("/") ? file.slice(0, file.indexOf("/")) : "");

/**
 * Where a source file is tested: the tests of its own room that come to it by the fewest imports, after a test that bears its name.
 * A test that runs a command imports nothing of it: where no test of the room comes to the file, all of the room are named.
 *
 * @param root of the project
 * @param source a file by its path under src/
 * @returns paths under test/, the nearest first
 */
export function testsOf(root: string, source: string): string[] {
  const own = testFiles(root).filter((file) => roomOf(file) === roomOf(source));
  const namesake = `${source.replace(/\.ts$/, "")}.test.ts`;
  const distances = own.map((test) => [test, distance(root, join("test", test), join("src", source))] as const);
  const least = Math.min(...distances.map(([, steps]) => steps));
  const near = distances.filter(([, steps]) => steps === least).map(([test]) => test);
  return [...new Set([...own.filter((test) => test === namesake), ...near])];
}

const imported = new Map<string, readonly string[]>();

/** Over how many imports a file comes to another; infinite where it does not. */
function distance(root: string, from: string, to: string): number {
  let front = [from];
  const seen = new Set(front);
  for (let steps = 0; front.length > 0; steps++) {
    if (seen.has(to)) return steps;
    front = front.flatMap((file) => {
      const targets =
        imported.get(file) ??
        importsOf(root, file).flatMap(({ target }) => (/^(src|test)\/.*\.ts$/.test(target) ? target : []));
      imported.set(file, targets);
      return targets.filter((target) => !seen.has(target) && (seen.add(target), true));
    });
  }
  return Infinity;
}

/** The folders of src/, outermost ones alone, that hold no test. */
export function roomsWithoutTests(root: string): string[] {
  const tested = new Set(testFiles(root).map(roomOf));
  const rooms = readdirSync(join(root, "src"), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : [])); // prettier-ignore
  return rooms.filter((room) => !tested.has(room));
}

/** Rooms of test/ that are named after none of src/. */
export function roomsOfTheirOwn(root: string): string[] {
  const rooms = new Set(readdirSync(join(root, "src")));
  return [...new Set(testFiles(root).map((file) => roomOf(dirname(file) === "." ? "" : file)))].filter((room) => room !== "" && !rooms.has(room)); // prettier-ignore
}
