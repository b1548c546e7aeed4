/**
 * The tables of docs/performance.md from what `npm run bench -- --json FILE` wrote:
 * `npm run --silent bench -- performance-tables -- FILE…`; several are networks measured one after the other.
 */
import { readFileSync } from "node:fs";
import { mergeResults } from "./measure/merge-results";
import { performanceTables, type WrittenResults } from "./measure/performance-tables";

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error("Expected the file that `npm run bench -- --json FILE` wrote but found none");
  process.exitCode = 2;
} else {
  const results = files.map((file) => JSON.parse(readFileSync(file, "utf8")) as WrittenResults);
  console.log(performanceTables(mergeResults(results)));
}
