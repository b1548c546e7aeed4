/**
 * Runs the project's tests: `node dist/test/run.js [--long | --slurm | --browser] [pattern …]`.
 *
 * Each file runs in a process of its own. Files named *.long.test.js run only with --long, *.slurm.test.js with --slurm
 * (and then alone), *.browser.test.js with --browser (they drive Chromium); a pattern picks the files whose path contains it.
 * `--of src/figures/parts/theme.ts` picks the tests that hold a source file. The ten slowest files are named at the end, and the last line is `N passed, N failed`.
 */
import { existsSync, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

import { testsOf } from "./support/tests-of";

const here = __dirname;
const words = process.argv.slice(2);
const kinds = ["long", "slurm", "browser"];
const kind = kinds.find((name) => words.includes(`--${name}`)) ?? null;
const source = words.includes("--of") ? words[words.indexOf("--of") + 1] : undefined;
if (words.includes("--of") && (source === undefined || !existsSync(source))) {
  console.error(`Expected a file of src/ after --of but found ${source ?? "nothing"}`);
  process.exit(1);
}
const root = resolve(here, "../..");
const patterns =
  source === undefined
    ? words.filter((word) => !word.startsWith("--"))
    : testsOf(root, relative(join(root, "src"), source)).map((file) => file.replace(/ts$/, "js"));

const files = readdirSync(here, { recursive: true, encoding: "utf8" })
  .filter(
    (file) => file.endsWith(".test.js") && (kinds.find((name) => file.endsWith(`.${name}.test.js`)) ?? null) === kind,
  )
  .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
  .map((file) => join(here, file))
  .sort();
if (files.length === 0) {
  console.error(`No test file matches ${patterns.join(" ")} under ${relative(process.cwd(), resolve(here))}`);
  process.exit(1);
}

let passed = 0;
let failed = 0;
const isFile = (name: string) => name.endsWith(".test.js");
const stream = run({ files, concurrency: kind === "browser" ? 1 : 2, timeout: (kind === null ? 20 : 60) * 60_000 });
stream.on("test:pass", (test) => {
  if (test.details.type !== "suite" && !isFile(test.name) && test.skip === undefined && test.todo === undefined)
    passed++;
});
stream.on("test:fail", (test) => {
  // Whoever fails because a part of it failed is not counted again; a suite whose own body threw is.
  const { failureType } = test.details.error as Error & { failureType?: string };
  if (failureType !== "subtestsFailed") failed++;
});
/** Seconds that each file took. */
const seconds = new Map<string, number>();
stream.on("test:complete", ({ name, details, file }) => {
  if (isFile(name)) seconds.set(relative(here, file ?? name), details.duration_ms / 1000);
});
stream.compose(new spec()).pipe(process.stdout);
stream.on("end", () => {
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  // After the reporter's own summary, which is written when the stream ends.
  process.on("exit", () => {
    const slowest = [...seconds].sort(([, a], [, b]) => b - a).slice(0, 10);
    if (slowest.length > 1) console.log("Slowest files, in seconds:");
    if (slowest.length > 1) for (const [file, took] of slowest) console.log(`${took.toFixed(1).padStart(7)}  ${file}`);
    console.log(`${passed} passed, ${failed} failed`);
  });
});
