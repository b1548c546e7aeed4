/**
 * The tables of docs/performance.md from what `npm run bench -- --json FILE` wrote:
 * `npm run --silent bench -- performance-tables -- FILE`.
 */
import { readFileSync } from "node:fs";
import { performanceTables, type WrittenResults } from "./measure/performance-tables";

const file = process.argv[2];
if (file === undefined) {
  console.error("Expected the file that `npm run bench -- --json FILE` wrote but found none");
  process.exitCode = 2;
} else {
  console.log(performanceTables(JSON.parse(readFileSync(file, "utf8")) as WrittenResults));
}
