#!/usr/bin/env node
const { existsSync, writeSync } = require("node:fs");
const { join } = require("node:path");

// Who reads may stop reading, as `head` does; the work goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (error.code === "EPIPE") return;
    try {
      writeSync(2, `gradamp: Expected to write the command's output but found that it cannot be: ${error.message}\n`);
    } finally {
      process.exit(1);
    }
  });
}

const main = join(__dirname, "..", "dist", "src", "cli", "main.js");
const node = join(__dirname, "..", "dist", "src", "tensorflow", "doctor", "node-problem.js");
const problem = existsSync(node) ? require(node).nodeProblem() : null;
// doctor runs on any Node and says more.
if (problem && process.argv[2] !== "doctor") {
  console.error(`gradamp: ${problem}\nRemedy: ${require(node).NODE_REMEDY}`);
  process.exitCode = 1;
} else if (existsSync(main)) {
  require(main)
    .main(process.argv.slice(2))
    .then((code) => (process.exitCode = code));
} else {
  console.error(`gradamp is not built: ${main} is missing\nRemedy: run \`npm run build\` in ${join(__dirname, "..")}`);
  process.exitCode = 1;
}
