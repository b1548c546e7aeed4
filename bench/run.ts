/**
 * Runs benchmarks: `npm run bench -- [option of training-step …]` or `npm run bench -- NAME … [-- option of NAME …]`.
 *
 * Each prints a table; nothing here asserts a time.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const words = process.argv.slice(2);
const split = words.findIndex((word) => word.startsWith("-"));
const named = split < 0 ? words : words.slice(0, split);
const names = named.length > 0 ? named : ["training-step"];
const options = split < 0 ? [] : words.slice(words[split] === "--" ? split + 1 : split);
const known = readdirSync(__dirname)
  .filter((file) => file.endsWith(".js") && file !== "run.js")
  .map((file) => file.slice(0, -3));

const unknown = names.find((name) => !known.includes(name));
if (unknown !== undefined) {
  console.error(`Expected a benchmark's name (${known.join(", ")}) but found ${unknown}`);
  process.exit(2);
}
for (const name of names) {
  if (names.length > 1) console.log(`\n${name}`);
  const { status } = spawnSync(process.execPath, [join(__dirname, `${name}.js`), ...options], { stdio: "inherit" });
  if (status !== 0) process.exitCode = status ?? 1;
}
