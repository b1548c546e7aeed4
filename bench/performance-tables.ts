/** The tables of docs/performance.md from what the benchmark of training steps wrote. */
import { readFileSync } from "node:fs";
import { performanceTables } from "./measure/performance-tables";
import type { WrittenResults } from "./measure/results-json";
import { words } from "./support/words";

const files = words(`The tables of docs/performance.md, in Markdown, from what \`npm run bench -- --json FILE\` wrote.

npm run --silent bench -- performance-tables -- FILE …

Several files are networks measured one after the other, on one machine and with the same versions.
`);
if (files.length === 0) {
  console.error("Expected the file that `npm run bench -- --json FILE` wrote but found none");
  process.exitCode = 2;
} else {
  const results = files.map((file) => JSON.parse(readFileSync(file, "utf8")) as WrittenResults);
  console.log(performanceTables(results));
}
