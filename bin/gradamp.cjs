#!/usr/bin/env node
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const main = join(__dirname, "..", "dist", "src", "cli", "main.js");
if (existsSync(main)) {
  require(main)
    .main(process.argv.slice(2))
    .then((code) => (process.exitCode = code));
} else {
  console.error(`gradamp is not built: ${main} is missing\nRemedy: run \`npm run build\` in ${join(__dirname, "..")}`);
  process.exitCode = 1;
}
