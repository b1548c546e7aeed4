/**
 * Runs benchmarks: `npm run bench -- [NAME …] [options of the benchmark]`.
 *
 * Without a name it lists them.  Each prints a table; nothing here asserts a time.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const words = process.argv.slice(2);
const split = words.findIndex((word) => word.startsWith("-"));
const names = split < 0 ? words : words.slice(0, split);
const options = split < 0 ? [] : words.slice(split).filter((word) => word !== "--");
const known = readdirSync(__dirname)
  .filter((file) => file.endsWith(".js") && file !== "run.js")
  .map((file) => file.slice(0, -3));

const unknown = names.find((name) => !known.includes(name));
if (names.length === 0 || unknown !== undefined) {
  console.error(unknown === undefined ? "" : `Expected a benchmark's name but found ${unknown}`);
  console.error(`Benchmarks: ${known.join(", ")}\nnpm run bench -- training-step --only vgg08`);
  process.exit(unknown === undefined ? 0 : 2);
}
for (const name of names) {
  console.log(`\n${name}`);
  const { status } = spawnSync(process.execPath, [join(__dirname, `${name}.js`), ...options], { stdio: "inherit" });
  if (status !== 0) process.exitCode = status ?? 1;
}
